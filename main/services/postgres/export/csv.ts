import { stringify } from 'csv-stringify/sync';
import type { ExportSource, ExportTo } from './export.ts';
import { writeText } from './text-file.ts';

/** RFC 4180. NULL is an empty field, an empty text `""`, as COPY … CSV has it. */
export function csvRows(rows: readonly (readonly (string | null)[])[]): string {
  return stringify(rows as (string | null)[][], { quoted_match: /^$/ });
}

export function writeCsv(source: ExportSource, to: ExportTo): Promise<void> {
  return writeText(source, to, { head: csvRows([source.columns.map(({ name }) => name)]), rows: csvRows, foot: '' });
}
