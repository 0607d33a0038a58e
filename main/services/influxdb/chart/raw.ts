/** Few points are quicker read than asked for as windows: then the windows are made here, from all points at once. */
import type { Aggregate } from '../../../../preload/contract/index.ts';
import { NoodleError } from '../../../errors.ts';
import { flux, type ParameterizedQuery, points, strings } from '../flux.ts';
import type { Row } from '../query.ts';
import { numberOf, type Windows } from './lines.ts';
import { labelColumns, type WindowPlan } from './windows.ts';

/** Points of a line in no certain order. */
export interface RawLine {
  readonly times: number[];
  readonly values: number[];
}

/** Those that need to know which point is of which series are left to the server. */
export const rawAggregates: ReadonlySet<Aggregate> = new Set(['mean', 'min', 'max', 'sum', 'count', 'median', 'p95']);

export function rawQuery({ choice, group, span }: Pick<WindowPlan, 'choice' | 'group' | 'span'>): ParameterizedQuery {
  return flux`${points(choice, span)}
  |> keep(columns: ${strings(['_time', '_value', ...labelColumns(group)])})`;
}

/** @throws NoodleError query-failed for text that is to be calculated with */
export async function readRaw(rows: AsyncIterable<Row>, columns: readonly string[], wanted: ReadonlySet<string>, aggregate: Aggregate) {
  const lines = new Map<string, RawLine>();
  let meta: unknown;
  let at = { time: -1, value: -1, labels: [] as number[] };
  for await (const { values, tableMeta } of rows) {
    if (meta !== tableMeta) {
      meta = tableMeta;
      const index = (label: string) => tableMeta.columns.find((column) => column.label === label)?.index ?? -1;
      at = { time: index('_time'), value: index('_value'), labels: columns.map(index) };
      if (tableMeta.column('_value').dataType === 'string' && aggregate !== 'count') throw notNumbers(aggregate);
    }
    const key = JSON.stringify(at.labels.map((index) => values[index] ?? ''));
    if (!wanted.has(key)) continue;
    const value = aggregate === 'count' ? 1 : numberOf(values[at.value]);
    if (value === null) continue;
    let line = lines.get(key);
    if (!line) {
      line = { times: [], values: [] };
      lines.set(key, line);
    }
    line.times.push(Date.parse(values[at.time]!));
    line.values.push(value);
  }
  return lines;
}

function notNumbers(aggregate: Aggregate): NoodleError {
  return new NoodleError({
    code: 'query-failed',
    what: `There is no ${aggregate} of values that are text.`,
    todo: 'Choose count, or look at them as a table with Flux.',
  });
}

/** How far apart the points of the fullest line come, ms; points at the same time are one. */
export function rawInterval(lines: ReadonlyMap<string, RawLine>): number {
  let most = 1;
  let interval = 0;
  for (const { times } of lines.values()) {
    const distinct = new Set(times).size;
    if (distinct <= most) continue;
    most = distinct;
    let first = times[0]!;
    let last = first;
    for (const time of times) {
      if (time < first) first = time;
      if (time > last) last = time;
    }
    interval = (last - first) / (distinct - 1);
  }
  return interval;
}

/** The windows of every line. @param from where the first window begins */
export function windowed(lines: ReadonlyMap<string, RawLine>, from: number, every: number, aggregate: Aggregate): Windows {
  return new Map(
    [...lines].map(([key, { times, values }]) => {
      const boxes = new Map<number, number[]>();
      for (const [index, time] of times.entries()) {
        const start = from + Math.floor((time - from) / every) * every;
        const box = boxes.get(start);
        if (box) box.push(values[index]!);
        else boxes.set(start, [values[index]!]);
      }
      return [key, new Map([...boxes].map(([start, box]) => [start, aggregated(box, aggregate)]))];
    }),
  );
}

/** @param values at least one */
export function aggregated(values: readonly number[], aggregate: Aggregate): number {
  switch (aggregate) {
    case 'min':
      return values.reduce((least, value) => Math.min(least, value));
    case 'max':
      return values.reduce((most, value) => Math.max(most, value));
    case 'median': {
      const sorted = values.toSorted((a, b) => a - b);
      const middle = sorted.length >> 1;
      return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    }
    case 'p95':
      return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1]!;
    default: {
      const sum = values.reduce((total, value) => total + value, 0);
      return aggregate === 'mean' ? sum / values.length : sum;
    }
  }
}
