import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ProblemData } from '../../preload/contract/index.ts';
import { CopyButton } from './copy-button.tsx';
import css from './problem.module.css';

/** What happened, why, and what to do, with the command that does it. */
export function ProblemText({ problem, untitled = false }: { problem: ProblemData; untitled?: boolean }) {
  return (
    <div className={css.text}>
      {untitled ? null : <div className={css.what}>{problem.what}</div>}
      {problem.why ? <div className={css.why}>{problem.why}</div> : null}
      {problem.todo ? <div>{problem.todo}</div> : null}
      {problem.command ? <CommandLine command={problem.command} /> : null}
    </div>
  );
}

/** A problem that stands on its own in a panel. */
export function ProblemBox({ problem, children }: { problem: ProblemData; children?: ReactNode }) {
  return (
    <div className={css.box} role="alert">
      <IconAlertTriangle size={16} className={css.icon} aria-hidden />
      <ProblemText problem={problem} />
      {children ? <div className={css.actions}>{children}</div> : null}
    </div>
  );
}

export function CommandLine({ command }: { command: string }) {
  return (
    <div className={css.command}>
      <code className="mono">{command}</code>
      <CopyButton text={command} label="Copy command" />
    </div>
  );
}
