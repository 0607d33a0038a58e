/** One step of long work, told as the operations of a plan are. */
import type { Progress, TaskEvent } from '../../preload/contract/models.ts';
import { asNoodleError } from '../errors.ts';
import { limits } from '../limits.ts';

/** Runs it with a word when it begins and ends, and now and then on how far it is; always when that is all. */
export async function told<T>(
  onEvent: (event: TaskEvent) => void,
  id: string,
  act: (tell: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  const took = () => Math.round(performance.now() - begun);
  let last = 0;
  onEvent({ type: 'operation', id, state: 'running' });
  try {
    const result = await act((progress) => {
      const now = performance.now();
      const isAll = progress.total > 0 && progress.current >= progress.total;
      if (now - last < limits.progressInterval && !isAll) return;
      last = now;
      onEvent({ type: 'progress', id, progress });
    });
    onEvent({ type: 'operation', id, state: 'done', took: took() });
    return result;
  } catch (error) {
    onEvent({ type: 'operation', id, state: 'failed', took: took(), problem: asNoodleError(error).problem });
    throw error;
  }
}
