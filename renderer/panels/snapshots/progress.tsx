import type { TaskKind } from '../../../preload/contract/index.ts';
import { useTasks } from '../../api/tasks.tsx';
import { ProblemBox } from '../../ui/problem.tsx';
import css from './snapshots.module.css';
import { TaskSteps } from './task-progress.tsx';

/** What this panel begins. */
const shownKinds: ReadonlySet<TaskKind> = new Set<TaskKind>(['snapshot', 'backup', 'pitr', 'schedule', 'bundle']);

/** The snapshot or restore at work, step by step; what went wrong with the last one. */
export function SnapshotProgress() {
  const { current } = useTasks();
  if (current === null || !shownKinds.has(current.summary.kind)) return null;
  const { summary, view } = current;
  if (view.result === null && summary.state === 'running') {
    return (
      <div className={css.progress}>
        <TaskSteps task={summary} view={view} />
      </div>
    );
  }
  const problem = view.result?.problem ?? summary.problem;
  return problem && problem.code !== 'cancelled' ? <ProblemBox problem={problem} /> : null;
}
