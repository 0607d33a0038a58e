import { api } from '../../../api/client.ts';

/** Waits for a task that the core runs. @throws Error with its words when it fails; a cancelled one just ends */
export async function whenDone(task: string): Promise<void> {
  const stream = crypto.randomUUID();
  for await (const events of await api.tasks.watch({ task, stream })) {
    void api.streams.grant({ stream, credit: 1 }).catch(() => undefined);
    const result = events.find((event) => event.type === 'result');
    if (result?.problem && result.problem.code !== 'cancelled') {
      throw new Error([result.problem.what, result.problem.why].filter(Boolean).join('\n'));
    }
    if (result) return;
  }
}
