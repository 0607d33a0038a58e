import { Progress as Bar } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed, IconCircleMinus, IconCircleX, IconLoader2, type IconProps } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { ProblemData, Progress } from '../../../preload/contract/index.ts';
import { bytes, count, duration } from '../../ui/format.ts';
import { ProblemText } from '../../ui/problem.tsx';
import type { OperationState, OperationView } from '../../ui/task-view.ts';
import css from './plan.module.css';

const looks: Record<OperationState['kind'], { icon: ComponentType<IconProps>; word: string }> = {
  waiting: { icon: IconCircleDashed, word: 'waiting' },
  running: { icon: IconLoader2, word: 'running' },
  done: { icon: IconCircleCheck, word: 'done' },
  skipped: { icon: IconCircleMinus, word: 'skipped' },
  failed: { icon: IconCircleX, word: 'failed' },
};

/** @param told the task's own problem, shown above: an operation need not say it again */
export function OperationRow({ operation, state, told }: OperationView & { told: ProblemData | null }) {
  const { icon: Icon, word } = looks[state.kind];
  return (
    <li className={css.operation} data-state={state.kind}>
      <div className={css.line}>
        <Icon size={15} stroke={1.8} className={css.icon} aria-label={word} />
        <span className={`${css.id} cut`}>{operation.id}</span>
        <span className={`${css.cause} cut`} title={operation.cause}>
          {operation.cause}
        </span>
        <span className={`${css.took} num`}>{tookWords(state)}</span>
      </div>
      {state.kind === 'running' && state.progress !== null ? <ProgressLines progress={state.progress} /> : null}
      {state.kind === 'failed' && state.problem !== null && state.problem.what !== told?.what ? (
        <div className={css.under}>
          <ProblemText problem={state.problem} />
        </div>
      ) : null}
    </li>
  );
}

function tookWords(state: OperationState): string {
  switch (state.kind) {
    case 'done':
    case 'failed':
      return state.took === null ? '' : duration(state.took);
    case 'skipped':
      return 'skipped';
    default:
      return '';
  }
}

function ProgressLines({ progress }: { progress: Progress }) {
  switch (progress.kind) {
    case 'layers':
      return (
        <div className={css.under}>
          <ProgressLine label={`${progress.layers.length} layers`} current={progress.current} total={progress.total} write={bytes} />
          {progress.layers
            .filter((layer) => layer.total > 0 && layer.current < layer.total)
            .slice(0, 6)
            .map((layer) => (
              <ProgressLine
                key={layer.id}
                label={`${layer.id} ${layer.status}`}
                current={layer.current}
                total={layer.total}
                write={bytes}
                quiet
              />
            ))}
        </div>
      );
    case 'rows':
      return (
        <div className={css.under}>
          <ProgressLine label={progress.label} current={progress.current} total={progress.total} write={count} />
        </div>
      );
    case 'bytes':
      return (
        <div className={css.under}>
          <ProgressLine label="copied or read" current={progress.current} total={progress.total} write={bytes} />
        </div>
      );
    case 'steps':
      return (
        <div className={css.under}>
          <ProgressLine label={progress.label} current={progress.current} total={progress.total} write={count} />
        </div>
      );
  }
}

interface ProgressLineProps {
  label: string;
  current: number;
  /** 0 when not known: the bar then shows work, not a share. */
  total: number;
  write: (n: number) => string;
  quiet?: boolean;
}

function ProgressLine({ label, current, total, write, quiet = false }: ProgressLineProps) {
  const known = total > 0;
  return (
    <div className={css.progress} data-quiet={quiet || undefined}>
      <span className="mono cut" title={label}>
        {label}
      </span>
      <Bar value={known ? (current / total) * 100 : 100} animated={!known} size={4} transitionDuration={120} aria-label={label} />
      <span className="num">{known ? `${write(current)} / ${write(total)}` : current > 0 ? write(current) : ''}</span>
    </div>
  );
}
