/** What of the address makes a chart, and the query it asks for. */
import type { ChartQueryInput, MetricRange, PointChoice } from '../../../preload/contract/index.ts';
import type { Draw, MetricsSearch } from './search.ts';

/** A chart without its time: what can be pinned. */
export type ChartView = Pick<MetricsSearch, 'bucket' | 'measurement' | 'fields' | 'filters' | 'group' | 'aggregate' | 'draw' | 'every'>;

/** A chart that can be drawn. */
export type WholeView = ChartView & { bucket: string; measurement: string };

export function isWhole(view: ChartView): view is WholeView {
  return view.bucket !== undefined && view.measurement !== undefined;
}

/** The chart of a search, without its range and the rest. */
export function viewOf({ bucket, measurement, fields, filters, group, aggregate, draw, every }: MetricsSearch): ChartView {
  return { bucket, measurement, fields, filters, group, aggregate, draw, every };
}

export function choiceOf({ bucket, measurement, fields = [], filters = [] }: WholeView): PointChoice {
  return { bucket, measurement, fields, filters };
}

export function queryOf(view: WholeView, range: MetricRange, pixels: number): ChartQueryInput {
  const draw: Draw = view.draw ?? 'line';
  return {
    choice: choiceOf(view),
    group: view.group ?? [],
    aggregate: view.aggregate ?? 'mean',
    band: draw === 'band',
    range,
    // A bar needs more room than a line does.
    pixels: draw === 'bar' ? Math.max(50, Math.round(pixels / 4)) : pixels,
    every: view.every,
  };
}

/** A chart in words, for its title. */
export function titleOf({ measurement, fields, filters = [], aggregate, group = [] }: WholeView): string {
  const what = fields && fields.length > 0 ? `${measurement} ${fields.join(', ')}` : measurement;
  const where = filters.map(({ key, values }) => `${key} ${values.length === 1 ? values[0] : `(${values.length})`}`).join(', ');
  const by = group.length > 0 ? ` by ${group.join(', ')}` : '';
  return `${aggregate && aggregate !== 'mean' ? `${aggregate} of ` : ''}${what}${by}${where === '' ? '' : `, ${where}`}`;
}
