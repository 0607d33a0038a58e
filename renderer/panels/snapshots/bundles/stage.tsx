import type { ReactNode } from 'react';
import css from './bundles.module.css';

/** One stage of a dialog: it takes the focus that what stood there before has lost, for the place in it that wants it. */
export function Stage({ children }: { children: ReactNode }) {
  return (
    <div ref={takeFocus} className={css.stage} tabIndex={-1} data-autofocus>
      {children}
    </div>
  );
}

function takeFocus(node: HTMLElement | null): void {
  const wanting = node?.querySelector<HTMLElement>('[data-autofocus]');
  // A dialog that has just opened gives the focus to the first that wants it.
  if (wanting) node!.removeAttribute('data-autofocus');
  (wanting ?? node)?.focus();
}
