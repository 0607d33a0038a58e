import type { ReactNode } from 'react';
import css from '../documents.module.css';

/** An editor in a dialog, with its name above it and an edge around it. */
export function Labelled({ label, boxed = true, children }: { label: string; boxed?: boolean; children: ReactNode }) {
  return (
    <div className={css.labelled}>
      <span aria-hidden>{label}</span>
      <div data-boxed={boxed || undefined}>{children}</div>
    </div>
  );
}
