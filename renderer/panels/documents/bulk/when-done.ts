import { endOf } from '../../../api/task-end.ts';

/** Waits for a task that the core runs. @throws Error with its words when it fails; a cancelled one just ends */
export async function whenDone(task: string): Promise<void> {
  const { problem } = await endOf(task);
  if (problem && problem.code !== 'cancelled') throw new Error([problem.what, problem.why].filter(Boolean).join('\n'));
}
