/** Annotated CSV as line protocol. Rows of one series differ in time and value only, and what is the same of them is made once. */
import { CsvRecords, cellsOf } from '../csv.ts';
import { lineFrom, PointReader, seriesOf, type TableColumns } from '../point.ts';
import { queryFailed } from '../query-error.ts';

/** What the rows of a series have in common. */
interface Series {
  /** The end of a row: all cells after the value. */
  readonly cells: string;
  readonly type: string;
  /** What its lines begin with. */
  readonly line: string;
}

export class PointLines {
  readonly #records = new CsvRecords();
  readonly #reader = new PointReader();
  #annotations: string[][] = [];
  #table: TableColumns | undefined;
  #timeFirst = false;
  #series: Series | undefined;

  /** @throws NoodleError query-failed for an error that comes after the first rows */
  *read(text: string): Generator<string> {
    for (const record of this.#records.read(text)) {
      const line = this.#line(record);
      if (line !== undefined) yield line;
    }
  }

  *end(): Generator<string> {
    const line = this.#line(this.#records.end());
    if (line !== undefined) yield line;
  }

  #line(record: string): string | undefined {
    if (record === '') {
      this.#table = undefined;
      this.#annotations = [];
      return undefined;
    }
    if (this.#table) return this.#known(record) ?? this.#any(record, this.#table);
    if (record.startsWith('#')) this.#annotations.push(cellsOf(record));
    else this.#begin(cellsOf(record));
    return undefined;
  }

  #begin(labels: readonly string[]): void {
    const [types, defaults] = ['#datatype', '#default'].map((name) => this.#annotations.find(([first]) => first === name) ?? []);
    const columns = labels.map((label, index) => ({
      label: label.replaceAll('\r\n', '\n'),
      index,
      dataType: types![index] ?? '',
      defaultValue: index === 0 ? '' : (defaults![index] ?? ''),
    }));
    this.#table = { columns };
    this.#timeFirst = labels[1] === 'result' && labels[2] === 'table' && labels[3] === '_time' && labels[4] === '_value';
    this.#series = undefined;
  }

  /** A row of the series that the one before it was of; undefined: not, or not to be seen so easily. */
  #known(record: string): string | undefined {
    const series = this.#series;
    if (!series || !record.endsWith(series.cells)) return undefined;
    const row = timeAndValue.exec(record.slice(0, record.length - series.cells.length));
    return row ? lineFrom(series.line, { time: row[1]!, value: row[2]!, type: series.type }) : undefined;
  }

  #any(record: string, table: TableColumns): string {
    const values = cellsOf(record).map((cell) => cell.replaceAll('\r\n', '\n'));
    const first = table.columns[0]?.label === '' ? 1 : 0;
    if (table.columns[first]?.label === 'error') throw queryFailed(values[first] ?? '', undefined);
    const point = this.#reader.read({ values, tableMeta: table });
    const line = seriesOf(point);
    const isPlain = this.#timeFirst && !record.includes('"');
    this.#series = isPlain ? { cells: record.slice(values.slice(0, 5).join(',').length), type: point.type, line } : undefined;
    return lineFrom(line, point);
  }
}

/** The five cells that a row begins with, none of which is in quotes: nothing, the result, the table, time and value. */
const timeAndValue = /^,[^,"]*,[^,"]*,([^,"]+),([^,"]+)$/;
