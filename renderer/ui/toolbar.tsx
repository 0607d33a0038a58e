import type { ReactNode } from 'react';
import css from './toolbar.module.css';

/** One row of controls above what they act on. It wraps where it is narrow. */
export function Toolbar({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <div className={css.toolbar} role="toolbar" aria-label={label}>
      {children}
    </div>
  );
}

/** Pushes what follows to the right. */
export function Spring() {
  return <span className={css.spring} />;
}

/** A quiet line under or beside data: counts, times. */
export function FootBar({ children }: { children: ReactNode }) {
  return <footer className={css.foot}>{children}</footer>;
}

/** The head of an inspector or tree: a title, and what acts on the whole of it. */
export function PaneHead({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className={css.head}>
      <span className={`${css.title} cut`}>{title}</span>
      {children}
    </div>
  );
}
