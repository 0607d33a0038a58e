import { IconAlertTriangle, IconCheck, IconCircleDashed, IconClock, IconPlayerStop, IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { RunView, StatementView } from '../../../../preload/contract/sql.ts';
import { modKey } from '../../../shell/keys.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { duration } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { useAfter } from '../../../ui/use-now.ts';
import type { RunState } from '../query/use-run.ts';
import css from '../sql.module.css';
import { type OpenedValue, ResultGrid } from './result-grid.tsx';

interface RunResultsProps {
  stack: string;
  service: string;
  state: RunState;
  text: string;
  onValue: (value: OpenedValue | null) => void;
}

/** What the last run of a tab gave, a statement at a time. */
export function RunResults({ stack, service, state, text, onValue }: RunResultsProps) {
  const { view, refused, base } = state;
  const [chosen, setChosen] = useState<{ run: string; index: number } | null>(null);
  const problem = refused ?? view?.problem;
  if (problem) {
    return (
      <div className={css.aside}>
        <ProblemBox problem={problem} />
      </div>
    );
  }
  if (!view) {
    return (
      <div className={css.center}>
        <EmptyState
          icon={IconTerminal2}
          line={`Write a statement and run it with ${modKey}-Enter; a selection runs alone. Results of any size are scrolled, sorted and exported here.`}
          example={`npx noodlebox sql "select count(*) from users"`}
        />
      </div>
    );
  }
  const index = chosen?.run === view.run ? chosen.index : telling(view);
  const statement = view.statements[index];
  const wordsOf = (each: StatementView) => text.slice(base + each.offset, base + each.offset + 40).replace(/\s+/g, ' ');
  return (
    <div className={css.column}>
      {view.statements.length > 1 ? (
        <div className={css.statements} role="tablist" aria-label="Statements">
          {view.statements.map((each, at) => (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: a statement is its place
              key={at}
              type="button"
              role="tab"
              aria-selected={at === index}
              className={css.statement}
              onClick={() => {
                setChosen({ run: view.run, index: at });
                onValue(null);
              }}
              title={wordsOf(each)}
            >
              <StateIcon state={each.state} />
              <span className="num">{at + 1}</span>
              <span className="cut">{each.tag ?? wordsOf(each)}</span>
            </button>
          ))}
        </div>
      ) : null}
      {statement ? <OneStatement key={`${view.run}/${index}`} {...{ stack, service, statement, index, onValue }} run={view.run} /> : null}
    </div>
  );
}

/** The statement to look at when nobody has chosen: the one that failed or runs, else the last that gave rows. */
function telling({ statements }: RunView): number {
  const failed = statements.findIndex(({ state }) => state === 'failed' || state === 'cancelled' || state === 'running');
  if (failed >= 0) return failed;
  const rows = statements.findLastIndex(({ columns }) => columns !== null);
  return rows >= 0 ? rows : statements.length - 1;
}

type OneStatementProps = Pick<RunResultsProps, 'stack' | 'service' | 'onValue'> & { run: string; statement: StatementView; index: number };

function OneStatement({ stack, service, run, statement, index, onValue }: OneStatementProps) {
  const notices = statement.notices.length > 0 ? <pre className={css.notices}>{statement.notices.join('\n')}</pre> : null;
  return (
    <>
      {statement.problem ? (
        <div className={css.aside}>
          <ProblemBox problem={statement.problem} />
        </div>
      ) : null}
      {notices}
      {statement.columns ? (
        <ResultGrid {...{ stack, service, run, index, statement, onValue }} columns={statement.columns} />
      ) : statement.state === 'running' ? (
        <Waiting />
      ) : statement.state === 'done' ? (
        <div className={css.done}>
          <IconCheck size={16} stroke={1.75} className={css.ok} /> {statement.tag === '' ? 'Done' : statement.tag}
          <span className="dim num">{duration(statement.took)}</span>
        </div>
      ) : statement.state === 'skipped' ? (
        <div className={css.done}>Not run: a statement before it failed.</div>
      ) : null}
    </>
  );
}

function Waiting() {
  return useAfter(200) ? <div className={css.skeleton} aria-busy /> : null;
}

function StateIcon({ state }: { state: StatementView['state'] }) {
  const shapes = {
    done: <IconCheck size={14} stroke={1.75} className={css.ok} aria-label="Done" />,
    failed: <IconAlertTriangle size={14} stroke={1.75} className={css.bad} aria-label="Failed" />,
    cancelled: <IconPlayerStop size={14} stroke={1.75} aria-label="Cancelled" />,
    running: <IconClock size={14} stroke={1.75} aria-label="Running" />,
    waiting: <IconCircleDashed size={14} stroke={1.75} aria-label="Waiting" />,
    skipped: <IconCircleDashed size={14} stroke={1.75} aria-label="Not run" />,
  };
  return shapes[state];
}
