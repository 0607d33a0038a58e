import type { ReactNode } from 'react';
import css from './topics.module.css';

/** A list where there is something to list, and what stands in its place where there is not. */
export function Filled({ count, empty, children }: { count: number; empty: ReactNode; children: ReactNode }) {
  return count === 0 ? <div className={css.aside}>{empty}</div> : children;
}
