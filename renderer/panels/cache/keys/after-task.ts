import { endOf } from '../../../api/task-end.ts';

/** Calls back once a task has ended, however it did. */
export function afterTask(task: string, done: () => void): void {
  void endOf(task)
    .catch(() => undefined)
    .then(done);
}
