/** What there is to draw: how many points in which lines, counted by the storage engine. */
import type { PointChoice } from '../../../../preload/contract/index.ts';
import { always, flux, points, type Span, strings } from '../flux.ts';
import type { InfluxHttp } from '../query.ts';
import { keyOf, type LineOf } from './lines.ts';
import { labelColumns } from './windows.ts';

export interface CensusLine extends LineOf {
  readonly points: number;
}

export interface Census {
  /** By labels. */
  readonly lines: readonly CensusLine[];
  readonly points: number;
}

/** One row a line comes here. */
export async function takeCensus(
  http: InfluxHttp,
  choice: PointChoice,
  group: readonly string[],
  span: Span,
  signal: AbortSignal,
): Promise<Census> {
  const columns = labelColumns(group);
  const query = flux`${points(choice, span)}
  |> group(columns: ${strings(columns)})
  |> count()
  |> keep(columns: ${strings([...columns, '_value'])})`;
  const lines: CensusLine[] = [];
  for await (const { values, tableMeta } of http.rows(query, { signal })) {
    const row = tableMeta.toObject(values) as Record<string, string | number | undefined>;
    const labels = Object.fromEntries(columns.map((column) => [column, String(row[column] ?? '')]));
    lines.push({ key: keyOf(labels, columns), labels, points: Number(row._value) });
  }
  lines.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { lines, points: lines.reduce((sum, line) => sum + line.points, 0) };
}

/** Points and series of a choice; one row a series comes here. */
export async function countSeries(http: InfluxHttp, choice: PointChoice, span: Span, signal: AbortSignal) {
  const query = flux`${points(choice, span)}
  |> count()
  |> keep(columns: ["_value"])`;
  let series = 0;
  let all = 0;
  for await (const { values, tableMeta } of http.rows(query, { signal })) {
    series++;
    all += Number(values[tableMeta.column('_value').index]);
  }
  return { series, points: all };
}

/** When the newest point of a choice was, ms, whenever that is; null when there is none. */
export async function newestTime(http: InfluxHttp, choice: PointChoice, signal: AbortSignal): Promise<number | null> {
  const query = flux`${points(choice, always)}
  |> last()
  |> keep(columns: ["_time"])
  |> sort(columns: ["_time"], desc: true)
  |> limit(n: 1)`;
  const [row] = await http.collect<{ _time: string }>(query, 1, signal);
  return row ? Date.parse(row._time) : null;
}
