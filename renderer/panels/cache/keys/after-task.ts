import { api } from '../../../api/client.ts';

/** Calls back once a task has ended, however it did. */
export function afterTask(task: string, done: () => void): void {
  const wait = async () => {
    const stream = crypto.randomUUID();
    for await (const events of await api.tasks.watch({ task, stream })) {
      void api.streams.grant({ stream, credit: 1 }).catch(() => undefined);
      if (events.some((event) => event.type === 'result')) break;
    }
  };
  void wait()
    .catch(() => undefined)
    .then(done);
}
