import { ActionIcon, Progress as Bar, Button, Tooltip, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconChevronDown, IconChevronRight, IconInfoCircle, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { TaskSummary } from '../../../preload/contract/index.ts';
import { useActions } from '../../api/actions.tsx';
import { duration, elapsed, plural } from '../../ui/format.ts';
import { ProblemBox } from '../../ui/problem.tsx';
import { shareDone, type TaskView } from '../../ui/task-view.ts';
import { useNow } from '../../ui/use-now.ts';
import { OperationRow } from './operation-row.tsx';
import css from './plan.module.css';

/** The task as it runs: its plan in order, each operation with its cause and how far it is. Stays when it failed, until closed. */
export function PlanProgress({ summary, view }: { summary: TaskSummary; view: TaskView }) {
  const actions = useActions();
  const running = summary.state === 'running' && view.result === null;
  const [startedOpen] = useState(running);
  const [closed, setClosed] = useState(false);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const now = useNow(running ? 500 : null);
  // What went well folds itself away, unless the person chose.
  const folded = chosen ?? view.result?.ok === true;
  const problem = view.result?.problem ?? summary.problem;
  const warnings = view.notices.length > 0;

  if (closed || !(running || problem !== null || startedOpen)) return null;
  const done = view.operations.filter((each) => each.state.kind === 'done' || each.state.kind === 'skipped').length;
  return (
    <section className={css.plan} aria-label="Running task" data-testid="plan">
      <div className={css.head}>
        <UnstyledButton className={css.fold} onClick={() => setChosen(!folded)} aria-expanded={!folded}>
          {folded ? <IconChevronRight size={15} aria-hidden /> : <IconChevronDown size={15} aria-hidden />}
          <span className={`${css.title} cut`}>{summary.title}</span>
        </UnstyledButton>
        <span className="dim num">
          {view.operations.length === 0 ? 'Planning…' : `${done} of ${plural(view.operations.length, 'step')}`}
        </span>
        <span className={css.spring} />
        <span className="dim num">{view.result === null ? elapsed(now - summary.startedAt) : `took ${duration(view.result.took)}`}</span>
        {running ? (
          <Button variant="default" onClick={() => actions.cancel(summary.id)}>
            Cancel
          </Button>
        ) : (
          <Tooltip label="Close">
            <ActionIcon aria-label="Close" onClick={() => setClosed(true)}>
              <IconX size={15} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <Bar
        value={shareDone(view) * 100}
        size={3}
        radius={0}
        transitionDuration={120}
        color={problem === null ? undefined : 'red'}
        aria-label="Progress"
      />
      {problem === null ? null : (
        <div className={css.problem}>
          <ProblemBox problem={problem} />
        </div>
      )}
      {warnings ? (
        <ul className={css.notices}>
          {view.notices.map((notice) => (
            <li key={notice.message} data-level={notice.level}>
              {notice.level === 'warn' ? <IconAlertTriangle size={14} aria-hidden /> : <IconInfoCircle size={14} aria-hidden />}
              {notice.message}
            </li>
          ))}
        </ul>
      ) : null}
      {folded || view.operations.length === 0 ? null : (
        <ol className={css.operations}>
          {view.operations.map((each) => (
            <OperationRow key={each.operation.id} {...each} told={problem} />
          ))}
        </ol>
      )}
    </section>
  );
}
