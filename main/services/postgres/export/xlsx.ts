import { createWriteStream } from 'node:fs';
import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node';
import type { ResultColumn } from '../../../../preload/contract/sql.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { ExportSource, ExportTo } from './export.ts';

/** A sheet is made in memory, and ends at the format's own limits: what is larger is refused, never cut in silence. */
export async function writeXlsx(source: ExportSource, { path, signal, progress }: ExportTo): Promise<void> {
  const { columns, rows } = source;
  if (rows > limits.sqlSheetRows || rows * columns.length > limits.sqlSheetCells) {
    throw new NoodleError({
      code: 'too-large',
      what: `${rows.toLocaleString('en-US')} rows are too many for a spreadsheet.`,
      why: `It holds ${limits.sqlSheetRows.toLocaleString('en-US')} rows and is made in memory, ${limits.sqlSheetCells.toLocaleString('en-US')} cells at most.`,
      todo: 'Export CSV or Parquet, or filter the result first.',
    });
  }
  const data: SheetData = [columns.map(({ name }) => ({ value: name, fontWeight: 'bold' }))];
  for await (const batch of source.texts()) {
    signal.throwIfAborted();
    for (const values of batch) data.push(values.map((value, at) => sheetCell(value, columns[at]!)));
    progress(data.length - 1);
  }
  await writeXlsxFile(data, { sheet: 'Result', stickyRowsCount: 1 }).toStream(createWriteStream(path, { flags: 'wx', mode: 0o600 }));
}

function sheetCell(value: string | null, { kind, name }: ResultColumn): Cell {
  if (value === null || value === '') return null;
  if (kind === 'number' && exactNumber(value)) return { type: Number, value: Number(value) };
  if (kind === 'boolean') return { type: Boolean, value: value === 't' || value === 'true' };
  if (value.length > limits.sqlSheetCell) {
    throw new NoodleError({
      code: 'too-large',
      what: `A value of ${name} has ${value.length.toLocaleString('en-US')} characters; a spreadsheet's cell holds ${limits.sqlSheetCell.toLocaleString('en-US')}.`,
      todo: 'Export CSV or Parquet, or leave the column out.',
    });
  }
  return { type: String, value: sheetText(value) };
}

/** Numbers that a sheet, which knows doubles only, gives back as they were; others go in as text. */
function exactNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text) && text.replace(/[-.]/g, '').length <= 15;
}

/** XML has no form for most control characters. */
function sheetText(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}
