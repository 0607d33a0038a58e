import { useMemo, useState } from 'react';
import type { Distribution } from '../../../../preload/contract/index.ts';
import { inUnit } from '../../../ui/chart/units.ts';
import { count } from '../../../ui/format.ts';
import css from './charts.module.css';

/** How often values fall into which box, over the whole range. */
export function Histogram({ distribution, unit, height }: { distribution: Distribution; unit?: string; height: number }) {
  const [at, setAt] = useState<number | null>(null);
  const totals = useMemo(
    () => distribution.bounds.slice(1).map((_, row) => distribution.counts.reduce((sum, column) => sum + (column[row] ?? 0), 0)),
    [distribution],
  );
  const most = Math.max(1, ...totals);
  const all = totals.reduce((sum, n) => sum + n, 0);
  const step = Math.max(1, Math.ceil(totals.length / 12));
  return (
    <figure className={css.histogram} style={{ height }} aria-label="How values are spread">
      <div className={css.bars} onPointerLeave={() => setAt(null)}>
        {totals.map((n, row) => (
          <div key={distribution.bounds[row]} className={css.barBox} data-on={row === at || undefined} onPointerEnter={() => setAt(row)}>
            <span className={css.bar} style={{ height: `${(n / most) * 100}%` }} />
          </div>
        ))}
      </div>
      <div className={css.barAxis} aria-hidden>
        {totals.map((_, row) => (
          <span key={distribution.bounds[row]} className="num dim">
            {row % step === 0 ? inUnit(distribution.bounds[row], unit) : ''}
          </span>
        ))}
      </div>
      <figcaption className={`${css.caption} num`}>
        {at === null
          ? `${count(all)} ${distribution.of.kind === 'points' ? 'points' : 'means'} in ${count(totals.length)} boxes; the fullest has ${count(most)}`
          : `${inUnit(distribution.bounds[at], unit)} to ${inUnit(distribution.bounds[at + 1], unit)}: ${count(totals[at]!)} (${((totals[at]! / Math.max(1, all)) * 100).toFixed(1)} %)`}
      </figcaption>
    </figure>
  );
}
