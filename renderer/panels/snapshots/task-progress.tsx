import { Progress as Bar, Button } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconLoader2 } from '@tabler/icons-react';
import { useRef } from 'react';
import type { TaskSummary } from '../../../preload/contract/index.ts';
import { useActions } from '../../api/actions.tsx';
import { useTaskView } from '../../api/tasks.tsx';
import { duration } from '../../ui/format.ts';
import type { OperationView, TaskView } from '../../ui/task-view.ts';
import { useNow } from '../../ui/use-now.ts';
import { itemWords, progressWords, stepWords } from './snapshot-view.ts';
import css from './snapshots.module.css';

/** A task at work, step by step, with its Cancel. */
export function TaskProgress({ task }: { task: TaskSummary }) {
  return <TaskSteps task={task} view={useTaskView(task.id)} />;
}

export function TaskSteps({ task, view }: { task: TaskSummary; view: TaskView }) {
  const { cancel } = useActions();
  const now = useNow(250);
  const begun = useRef(new Map<string, number>());
  return (
    <section aria-label={task.title}>
      <header className={css.progressHead}>
        <strong>{task.title}</strong>
        <Button variant="default" h={24} onClick={() => cancel(task.id)}>
          Cancel
        </Button>
      </header>
      <ol className={css.steps}>
        {view.operations.map((each) => (
          <Step key={each.operation.id} step={each} took={since(begun.current, `${task.id} ${each.operation.id}`, each, now)} />
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
          {progress.total > 0 ? <Bar value={(progress.current / progress.total) * 100} w={120} size={4} transitionDuration={120} /> : null}
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
