import type { TaskEvent } from '../../preload/contract/index.ts';
import { api } from './client.ts';

export type TaskEnd = Extract<TaskEvent, { type: 'result' }>;

/** How a task ended, once it has. @throws when the core is lost meanwhile; the task may go on then */
export async function endOf(task: string): Promise<TaskEnd> {
  const stream = crypto.randomUUID();
  for await (const events of await api.tasks.watch({ task, stream })) {
    void api.streams.grant({ stream, credit: 1 }).catch(() => undefined);
    const result = events.find((event) => event.type === 'result');
    if (result) return result;
  }
  throw new Error('The core no longer knows how this ended.');
}
