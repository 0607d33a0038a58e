import { useMemo } from 'react';
import type { Chart } from '../../../../preload/contract/index.ts';
import { inUnit } from '../../../ui/chart/units.ts';
import { dateTime, type Zone } from '../../../ui/format.ts';
import css from './charts.module.css';
import { lineNames } from './labels.ts';
import { sparkOf } from './spark.ts';

/** The newest value of each line, large, over its course. */
export function SingleValues({ chart, measurement, unit, zone }: { chart: Chart; measurement: string; unit?: string; zone: Zone }) {
  const names = useMemo(() => lineNames(chart.lines, measurement), [chart, measurement]);
  return (
    <div className={css.values}>
      {chart.lines.map(({ values }, index) => {
        const at = values.findLastIndex((value) => value !== null);
        const colour = `var(--nb-chart-${(index % 8) + 1})`;
        return (
          <figure key={names[index]} className={css.value} title={at < 0 ? undefined : dateTime(chart.times[at]!, zone)}>
            <figcaption className="cut dim">{names[index]}</figcaption>
            <span className={`${css.number} num`}>{inUnit(at < 0 ? null : values[at], unit)}</span>
            <svg viewBox="0 0 100 24" preserveAspectRatio="none" className={css.spark} role="presentation">
              <path d={sparkOf(values, 100, 24)} fill="none" stroke={colour} strokeWidth={1.25} vectorEffect="non-scaling-stroke" />
            </svg>
          </figure>
        );
      })}
    </div>
  );
}
