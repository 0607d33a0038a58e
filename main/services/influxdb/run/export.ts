/** Rows and charts as files. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Chart } from '../../../../preload/contract/index.ts';
import type { FluxRun } from './run.ts';

/** One result of a run as CSV or as one JSON object a line. @param onProgress rows written */
export async function exportResult(
  run: FluxRun,
  result: number,
  form: 'csv' | 'json',
  path: string,
  onProgress: (rows: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { columns, spool } = run.result(result);
  const names = columns.map(({ name }) => name);
  let rows = 0;
  const source = async function* () {
    if (form === 'csv') yield names;
    for await (const [, ...cells] of spool.all()) {
      if (++rows % 5_000 === 0) onProgress(rows);
      yield form === 'csv' ? cells.map((cell) => cell ?? '') : `${JSON.stringify(rowObject(columns, cells))}\n`;
    }
  };
  const file = createWriteStream(path, { mode: 0o600 });
  if (form === 'csv') await pipeline(source, stringify(), file, { signal });
  else await pipeline(source, file, { signal });
}

/** A row by its columns' names: numbers that JSON can hold exactly as numbers, all else as text. */
export function rowObject(columns: readonly { readonly name: string; readonly type: string }[], cells: readonly (string | null)[]) {
  return Object.fromEntries(columns.map(({ name, type }, index) => [name, jsonValue(type, cells[index] ?? null)]));
}

function jsonValue(type: string, cell: string | null): unknown {
  if (cell === null) return null;
  if (type === 'bool') return cell === 'true';
  if (type !== 'float' && type !== 'int' && type !== 'uint') return cell;
  const value = Number(cell);
  if (!Number.isFinite(value)) return cell;
  return type === 'float' || Number.isSafeInteger(value) ? value : cell;
}

/** A chart as CSV: a row a window, a column a line. */
export async function exportChart({ times, lines }: Chart, path: string, signal: AbortSignal): Promise<void> {
  const source = function* () {
    yield [
      'time',
      ...lines.map(({ labels }) =>
        Object.entries(labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(' '),
      ),
    ];
    for (const [index, time] of times.entries()) yield [new Date(time).toISOString(), ...lines.map(({ values }) => values[index] ?? '')];
  };
  await pipeline(source, stringify(), createWriteStream(path, { mode: 0o600 }), { signal });
}
