/** What there is to draw: how many points, in which lines, over which time. */
import type { PointChoice } from '../../../../preload/contract/index.ts';
import { always, flux, points, type Span, strings } from '../flux.ts';
import type { InfluxHttp } from '../query.ts';
import { keyOf, type LineOf } from './lines.ts';
import { labelColumns } from './windows.ts';

export interface CensusLine extends LineOf {
  readonly points: number;
  readonly series: number;
}

export interface Census {
  /** By labels. */
  readonly lines: readonly CensusLine[];
  readonly points: number;
  readonly series: number;
  /** ms from the first point to the last */
  readonly extent: number;
}

/** Counted and looked up by the storage engine; one row a series comes here. */
export async function takeCensus(
  http: InfluxHttp,
  choice: PointChoice,
  group: readonly string[],
  span: Span,
  signal: AbortSignal,
): Promise<Census> {
  const [lines, first, last] = await Promise.all([
    countLines(http, choice, group, span, signal),
    edge(http, choice, span, 'first', signal),
    edge(http, choice, span, 'last', signal),
  ]);
  return {
    lines,
    points: lines.reduce((sum, line) => sum + line.points, 0),
    series: lines.reduce((sum, line) => sum + line.series, 0),
    extent: first === null || last === null ? 0 : last - first,
  };
}

async function countLines(http: InfluxHttp, choice: PointChoice, group: readonly string[], span: Span, signal: AbortSignal) {
  const columns = labelColumns(group);
  const query = flux`${points(choice, span)}
  |> count()
  |> keep(columns: ${strings([...columns, '_value'])})`;
  const lines = new Map<string, { labels: Record<string, string>; points: number; series: number }>();
  for await (const { values, tableMeta } of http.rows(query, { signal })) {
    const row = tableMeta.toObject(values) as Record<string, string | number | undefined>;
    const labels = Object.fromEntries(columns.map((column) => [column, String(row[column] ?? '')]));
    const key = keyOf(labels, columns);
    const line = lines.get(key);
    if (!line) lines.set(key, { labels, points: Number(row._value), series: 1 });
    else {
      line.points += Number(row._value);
      line.series++;
    }
  }
  return [...lines].map(([key, line]): CensusLine => ({ key, ...line })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The time of the first or last point, ms; null when there is none. */
async function edge(http: InfluxHttp, choice: PointChoice, span: Span, which: 'first' | 'last', signal: AbortSignal) {
  const query = flux`${points(choice, span)}
  |> ${which === 'first' ? flux`first()` : flux`last()`}
  |> keep(columns: ["_time"])
  |> sort(columns: ["_time"], desc: ${which === 'last'})
  |> limit(n: 1)`;
  const [row] = await http.collect<{ _time: string }>(query, 1, signal);
  return row ? Date.parse(row._time) : null;
}

/** When the newest point of a choice was, whenever that is. */
export function newestTime(http: InfluxHttp, choice: PointChoice, signal: AbortSignal): Promise<number | null> {
  return edge(http, choice, always, 'last', signal);
}
