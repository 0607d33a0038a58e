/**
 * The Flux of a chart's windows. `from |> range |> filter |> aggregateWindow(<one plain aggregate>)` is read as
 * windows by the storage engine itself (a million points in about 15 ms); anything else would carry every point
 * into Flux. So each aggregate is a pipeline of its own, and series are merged after they have been windowed.
 */
import type { Aggregate, ChartQuery, PointChoice } from '../../../../preload/contract/index.ts';
import { duration, flux, type ParameterizedQuery, points, predicate, type Span, strings } from '../flux.ts';

/** What the storage engine aggregates by itself. */
type Plain = 'mean' | 'min' | 'max' | 'sum' | 'count' | 'first' | 'last';

export interface WindowPlan {
  readonly choice: PointChoice;
  /** The tags that tell lines apart; `_field` always does. */
  readonly group: readonly string[];
  readonly span: Span;
  readonly every: number;
}

/** The tags by which rows are known to belong to a line. */
export function labelColumns(group: readonly string[]): string[] {
  return ['_field', ...group];
}

/**
 * What is asked to draw an aggregate. A mean over several series is the sum of their sums over the sum of their
 * counts; merged first and last values are the mean of what each series says.
 */
export function windowQueries(plan: WindowPlan, aggregate: Aggregate): Readonly<Record<string, ParameterizedQuery>> {
  switch (aggregate) {
    case 'mean':
      return { sum: windowed(plan, 'sum', 'sum'), count: windowed(plan, 'count', 'sum') };
    case 'min':
    case 'max':
      return { value: ofEachSeries(plan, aggregate) };
    case 'sum':
      return { value: windowed(plan, 'sum', 'sum') };
    case 'count':
      return { value: windowed(plan, 'count', 'sum') };
    case 'first':
    case 'last':
      return { value: windowed(plan, aggregate, 'mean') };
    case 'rate':
      return { value: rate(plan) };
    case 'median':
      return { value: unplain(plan, flux`median`) };
    case 'p95':
      return { value: unplain(plan, flux`(column, tables=<-) => tables |> quantile(q: 0.95, method: "estimate_tdigest", column: column)`) };
  }
}

/** Each window's least and most, for a band. */
export function bandQueries(plan: WindowPlan): Readonly<Record<'low' | 'high', ParameterizedQuery>> {
  return { low: ofEachSeries(plan, 'min'), high: ofEachSeries(plan, 'max') };
}

/** Flux takes longer to merge the least and the most of series than to send them: they are merged where they are read. */
function ofEachSeries(plan: WindowPlan, fn: 'min' | 'max'): ParameterizedQuery {
  return finished(
    plan,
    flux`${points(plan.choice, plan.span)}
  |> ${window(plan, name(fn))}`,
  );
}

function windowed(plan: WindowPlan, fn: Plain, merge: Plain): ParameterizedQuery {
  const each = flux`${points(plan.choice, plan.span)}
  |> ${window(plan, name(fn))}`;
  return finished(plan, merging(plan, each, merge));
}

function rate(plan: WindowPlan): ParameterizedQuery {
  const each = flux`${points(plan.choice, plan.span)}
  |> ${window(plan, name('last'))}
  |> derivative(unit: 1s, nonNegative: true)
  |> filter(fn: (r) => exists r._value)`;
  return finished(plan, merging(plan, each, 'sum'));
}

function unplain(plan: WindowPlan, fn: ParameterizedQuery): ParameterizedQuery {
  return finished(
    plan,
    flux`${points(plan.choice, plan.span)}
  |> group(columns: ${strings(labelColumns(plan.group))})
  |> ${window(plan, fn)}`,
  );
}

function merging(plan: WindowPlan, each: ParameterizedQuery, fn: Plain): ParameterizedQuery {
  return flux`${each}
  |> group(columns: ${strings(labelColumns(plan.group))})
  |> ${window(plan, name(fn))}`;
}

function window({ every }: WindowPlan, fn: ParameterizedQuery): ParameterizedQuery {
  return flux`aggregateWindow(every: ${duration(every)}, fn: ${fn}, createEmpty: false, timeSrc: "_start")`;
}

function finished({ group }: WindowPlan, query: ParameterizedQuery): ParameterizedQuery {
  return flux`${query}
  |> keep(columns: ${strings(['_time', '_value', ...labelColumns(group)])})`;
}

/** Names of functions are ours, never a person's. */
const names = {
  mean: flux`mean`,
  min: flux`min`,
  max: flux`max`,
  sum: flux`sum`,
  count: flux`count`,
  first: flux`first`,
  last: flux`last`,
} as const satisfies Record<Plain, ParameterizedQuery>;
function name(fn: Plain): ParameterizedQuery {
  return names[fn];
}

/** The same chart as someone would write it, for the editor: range and window come from `v`, as in InfluxDB's own window. */
export function readable({ choice, group, aggregate }: ChartQuery): string {
  const fn: Readonly<Partial<Record<Aggregate, ParameterizedQuery>>> = {
    ...names,
    median: flux`median`,
    p95: flux`(column, tables=<-) => tables |> quantile(q: 0.95, column: column)`,
    rate: flux`last`,
  };
  const grouped = flux`
  |> group(columns: ${strings(labelColumns(group))})`;
  const after = aggregate === 'rate' ? flux`
  |> derivative(unit: 1s, nonNegative: true)` : flux``; // biome-ignore format: as it is printed
  return flux`from(bucket: ${choice.bucket})
  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
  |> filter(fn: (r) => ${predicate(choice)})${grouped}
  |> aggregateWindow(every: v.windowPeriod, fn: ${fn[aggregate]!}, createEmpty: false)${after}
`.toString();
}
