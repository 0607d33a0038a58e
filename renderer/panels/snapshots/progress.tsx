import { Progress as Bar, Button } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconLoader2 } from '@tabler/icons-react';
import { useRef } from 'react';
import type { TaskKind } from '../../../preload/contract/index.ts';
import { useActions } from '../../api/actions.tsx';
import { useTasks } from '../../api/tasks.tsx';
import { duration } from '../../ui/format.ts';
import { ProblemBox } from '../../ui/problem.tsx';
import type { OperationView } from '../../ui/task-view.ts';
import { useNow } from '../../ui/use-now.ts';
import { itemWords, progressWords, stepWords } from './snapshot-view.ts';
import css from './snapshots.module.css';

/** What this panel begins. */
const shownKinds: ReadonlySet<TaskKind> = new Set<TaskKind>(['snapshot', 'backup', 'pitr', 'schedule']);

/** The snapshot or restore at work, step by step; what went wrong with the last one. */
export function SnapshotProgress() {
  const { current } = useTasks();
  const { cancel } = useActions();
  const running = current !== null && current.view.result === null && current.summary.state === 'running';
  const now = useNow(running ? 250 : null);
  const begun = useRef(new Map<string, number>());
  if (current === null || !shownKinds.has(current.summary.kind)) return null;
  const { summary, view } = current;
  if (!running) {
    const problem = view.result?.problem ?? summary.problem;
    return problem && problem.code !== 'cancelled' ? <ProblemBox problem={problem} /> : null;
  }
  return (
    <section className={css.progress} aria-label={summary.title}>
      <header className={css.progressHead}>
        <strong>{summary.title}</strong>
        <Button variant="default" h={24} onClick={() => cancel(summary.id)}>
          Cancel
        </Button>
      </header>
      <ol className={css.steps}>
        {view.operations.map((each) => (
          <Step key={each.operation.id} step={each} took={since(begun.current, `${summary.id} ${each.operation.id}`, each, now)} />
        ))}
      </ol>
    </section>
  );
}

/** The list may be longer than its place. */
function inSight(step: HTMLElement | null): void {
  step?.scrollIntoView({ block: 'nearest' });
}

/** ms since a step was first seen at work */
function since(begun: Map<string, number>, id: string, { state }: OperationView, now: number): number {
  if (state.kind !== 'running') return 0;
  if (!begun.has(id)) begun.set(id, now);
  return now - begun.get(id)!;
}

const looks = {
  waiting: { icon: IconCircleDashed, colour: 'var(--nb-idle)' },
  running: { icon: IconLoader2, colour: 'var(--nb-accent)' },
  done: { icon: IconCircleCheck, colour: 'var(--nb-ok)' },
  skipped: { icon: IconCircleDashed, colour: 'var(--nb-idle)' },
  failed: { icon: IconCircleX, colour: 'var(--nb-error)' },
} as const;

function Step({ step: { operation, state }, took }: { step: OperationView; took: number }) {
  const { icon: Icon, colour } = looks[state.kind];
  const progress =
    state.kind === 'running' && (state.progress?.kind === 'bytes' || state.progress?.kind === 'rows') ? state.progress : null;
  return (
    <li className={css.step} ref={state.kind === 'running' ? inSight : undefined}>
      <Icon size={15} aria-label={state.kind} color={colour} />
      <span className={css.stepName}>{stepWords(operation)}</span>
      <span className="dim cut">{operation.cause}</span>
      {progress === null ? null : (
        <>
          <Bar value={progress.total > 0 ? (progress.current / progress.total) * 100 : 0} w={120} size={4} transitionDuration={120} />
          <span className="num">
            {progress.kind === 'bytes'
              ? progressWords(progress.current, progress.total, took)
              : itemWords(progress.current, progress.total, progress.label, took)}
          </span>
        </>
      )}
      {state.kind === 'done' && state.took !== null ? <span className={`${css.stepTook} num dim`}>{duration(state.took)}</span> : null}
    </li>
  );
}
