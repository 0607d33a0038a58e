import { Button, Progress, Tooltip } from '@mantine/core';
import { IconActivity, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import type { TaskSummary } from '../../preload/contract/index.ts';
import { useActions } from '../api/actions.tsx';
import { dropped } from '../api/dropped.ts';
import { latency } from '../api/latency.ts';
import { useTasks } from '../api/tasks.tsx';
import { bytes, count, duration, elapsed } from '../ui/format.ts';
import { shareDone, type TaskView } from '../ui/task-view.ts';
import { useNow } from '../ui/use-now.ts';
import css from './shell.module.css';

export function BottomBar() {
  const { current } = useTasks();
  return (
    <footer className={css.bottom}>
      {current === null ? <span>No task has run yet</span> : <TaskStrip summary={current.summary} view={current.view} />}
      <div className={css.spring} />
      <Dropped />
      <Latency />
    </footer>
  );
}

function TaskStrip({ summary, view }: { summary: TaskSummary; view: TaskView }) {
  const actions = useActions();
  const running = summary.state === 'running' && view.result === null;
  const now = useNow(running ? 1000 : null);
  if (!running) return <EndedTask summary={summary} view={view} />;
  const at = view.operations.find((each) => each.state.kind === 'running');
  return (
    <div className={css.task} role="status">
      <span className={`${css.taskTitle} cut`}>{summary.title}</span>
      <Progress
        value={shareDone(view) * 100}
        w={120}
        size={4}
        miw={60}
        transitionDuration={120}
        aria-label={`Progress of ${summary.title}`}
      />
      <span className="num">{elapsed(now - summary.startedAt)}</span>
      {at === undefined ? null : <span className="cut">{at.operation.id}</span>}
      {at?.state.kind === 'running' && at.state.progress?.kind === 'bytes' ? (
        <span className="num">
          {bytes(at.state.progress.current)} of {bytes(at.state.progress.total)}
        </span>
      ) : null}
      <Button variant="default" h={20} px={8} fz={12} onClick={() => actions.cancel(summary.id)}>
        Cancel
      </Button>
    </div>
  );
}

function EndedTask({ summary, view }: { summary: TaskSummary; view: TaskView }) {
  const ok = view.result?.ok ?? summary.state === 'done';
  const took = view.result === null ? null : duration(view.result.took);
  const word = ok ? 'done' : summary.state === 'cancelled' ? 'cancelled' : 'failed';
  const Icon = ok ? IconCircleCheck : IconCircleX;
  return (
    <div className={css.task}>
      <Icon size={14} aria-hidden color={ok ? 'var(--nb-ok)' : summary.state === 'cancelled' ? 'var(--nb-warn)' : 'var(--nb-error)'} />
      <span className="cut">
        {summary.title}: {word}
        {took === null ? null : <span className="num"> in {took}</span>}
      </span>
    </div>
  );
}

function Latency() {
  const ms = useSyncExternalStore(latency.subscribe, latency.get);
  return (
    <Tooltip label="How long the core took to answer the last call">
      <span className={`${css.reading} num`}>
        <IconActivity size={14} aria-hidden />
        {ms === null ? '' : ms < 1 ? '< 1 ms' : `${Math.round(ms)} ms`}
      </span>
    </Tooltip>
  );
}

function Dropped() {
  const n = useSyncExternalStore(dropped.subscribe, dropped.get);
  return (
    <Tooltip label="Lines and samples let go because the window was too slow to take them">
      <span className={`${css.reading} num`} style={n > 0 ? { color: 'var(--nb-warn)' } : undefined}>
        {count(n)} dropped
      </span>
    </Tooltip>
  );
}
