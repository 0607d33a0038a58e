import { useAfter } from '../../ui/use-now.ts';
import css from './topics.module.css';

/** What stands where rows will, when they take a moment. */
export function Waiting() {
  return useAfter(200) ? <div className={css.waiting} role="status" aria-label="Loading" /> : null;
}
