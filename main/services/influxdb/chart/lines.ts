/** Rows of windows put together into lines over one list of times. */
import type { ChartLine } from '../../../../preload/contract/index.ts';
import type { Row } from '../query.ts';

/** What one query gave: line by line, value by time. */
export type Windows = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** The key of a line: its labels in a fixed order. */
export function keyOf(labels: Readonly<Record<string, string>>, columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => labels[column] ?? ''));
}

/** Takes rows in; lines that are not wanted are passed over. @param merge what series of one line say of one window into one */
export async function readWindows(
  rows: AsyncIterable<Row>,
  columns: readonly string[],
  wanted: ReadonlySet<string>,
  merge: (one: number, other: number) => number = (_, other) => other,
): Promise<Windows> {
  const lines = new Map<string, Map<number, number>>();
  let meta: unknown;
  let at = { time: -1, value: -1, labels: [] as number[] };
  for await (const { values, tableMeta } of rows) {
    if (meta !== tableMeta) {
      meta = tableMeta;
      const index = (label: string) => tableMeta.columns.find((column) => column.label === label)?.index ?? -1;
      at = { time: index('_time'), value: index('_value'), labels: columns.map(index) };
    }
    const key = JSON.stringify(at.labels.map((index) => values[index] ?? ''));
    if (!wanted.has(key)) continue;
    const value = numberOf(values[at.value]);
    if (value === null) continue;
    let line = lines.get(key);
    if (!line) {
      line = new Map();
      lines.set(key, line);
    }
    const time = Date.parse(values[at.time]!);
    const before = line.get(time);
    line.set(time, before === undefined ? value : merge(before, value));
  }
  return lines;
}

/** A cell as a number that can be drawn; null for none, and for infinities. */
export function numberOf(cell: string | undefined): number | null {
  if (cell === undefined || cell === '') return null;
  if (cell === 'true') return 1;
  if (cell === 'false') return 0;
  const value = Number(cell);
  return Number.isFinite(value) ? value : null;
}

export function divided(sums: Windows, counts: Windows): Windows {
  return new Map(
    [...sums].map(([key, line]) => {
      const count = counts.get(key);
      return [key, new Map([...line].map(([time, sum]) => [time, sum / (count?.get(time) ?? 1)]))];
    }),
  );
}

export interface LineOf {
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** All lines over the times at which any of them has a value. */
export function assemble(wanted: readonly LineOf[], values: Windows, band?: { readonly low: Windows; readonly high: Windows }) {
  const seen = new Set<number>();
  for (const line of values.values()) for (const time of line.keys()) seen.add(time);
  const times = [...seen].sort((a, b) => a - b);
  const spread = (windows: Windows, key: string) => {
    const line = windows.get(key);
    return times.map((time) => line?.get(time) ?? null);
  };
  const lines = wanted.flatMap(({ key, labels }): ChartLine[] => {
    if (!values.has(key)) return [];
    const line: ChartLine = { labels: { ...labels }, values: spread(values, key) };
    return [band ? { ...line, low: spread(band.low, key), high: spread(band.high, key) } : line];
  });
  return { times, lines };
}
