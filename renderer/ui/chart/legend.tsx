import { useMemo } from 'react';
import { type ChartSeries, palette } from './series.ts';
import { type Summary, summary } from './summary.ts';
import css from './time-chart.module.css';
import { inUnit } from './units.ts';

interface LegendProps {
  series: readonly ChartSeries[];
  /** Where the crosshair stands; null: nowhere. */
  cursor: number | null;
  unit: string | undefined;
  hidden: ReadonlySet<string>;
  /** @param alone hide all others, as a double click asks */
  onToggle: (name: string, alone: boolean) => void;
}

/** A line a series: its value under the crosshair, min, max, mean and last. A click hides it, a double click shows it alone. */
export function Legend({ series, cursor, unit, hidden, onToggle }: LegendProps) {
  const summaries = useMemo(() => series.map(summarised), [series]);
  return (
    <div className={css.legendBox}>
      <table className={css.legend}>
        <thead>
          <tr>
            <th scope="col">Series</th>
            {['Value', 'Min', 'Max', 'Mean', 'Last'].map((word) => (
              <th scope="col" key={word} className={css.number}>
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.map(({ name, colour, values }, at) => {
            const { min, max, mean, last } = summaries[at]!;
            return (
              <tr key={name} data-hidden={hidden.has(name) || undefined}>
                <td>
                  <button
                    type="button"
                    className={css.name}
                    aria-pressed={!hidden.has(name)}
                    onClick={() => onToggle(name, false)}
                    onDoubleClick={() => onToggle(name, true)}
                    title={name}
                  >
                    <span className={css.swatch} style={{ background: colour ?? palette[at % palette.length] }} />
                    <span className="cut">{name}</span>
                  </button>
                </td>
                <td className={css.number}>{cursor === null ? '' : inUnit(values[cursor], unit)}</td>
                {[min, max, mean, last].map((value, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: four figures that never move
                  <td key={column} className={css.number}>
                    {inUnit(value, unit)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Where the edges of a band are known, they are the least and the most. */
function summarised({ values, low, high }: ChartSeries): Summary {
  const own = summary(values);
  return { ...own, min: low ? summary(low).min : own.min, max: high ? summary(high).max : own.max };
}
