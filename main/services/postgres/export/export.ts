/** A whole result as a file. What a format cannot stream is bounded, and said so. */
import type { ExportFormat, ResultColumn } from '../../../../preload/contract/sql.ts';
import { writeCsv } from './csv.ts';
import { writeJson } from './json.ts';
import { writeParquet } from './parquet.ts';
import { writeSql } from './sql.ts';
import { writeXlsx } from './xlsx.ts';

export interface ExportSource {
  readonly columns: readonly ResultColumn[];
  readonly rows: number;
  /** The table that its inserts go to. */
  readonly table: string;
  /** Rows in text, some at a time. */
  texts(): AsyncIterable<readonly (string | null)[][]>;
}

export interface ExportTo {
  readonly path: string;
  readonly signal: AbortSignal;
  /** @param rows written so far */
  progress(rows: number): void;
}

export const exportTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  sql: 'application/sql',
  parquet: 'application/vnd.apache.parquet',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

const writers: Readonly<Record<ExportFormat, (source: ExportSource, to: ExportTo) => Promise<void>>> = {
  csv: writeCsv,
  json: writeJson,
  sql: writeSql,
  parquet: writeParquet,
  xlsx: writeXlsx,
};

/** @throws NoodleError too-large: more than a spreadsheet holds; the signal's reason when cancelled */
export async function exportRows(format: ExportFormat, source: ExportSource, to: ExportTo): Promise<void> {
  await writers[format](source, to);
}
