/** Rows as a terminal, a script or a spreadsheet takes them. */
import type { ResultColumn } from '../../../preload/contract/sql.ts';
import { paint } from './text.ts';

type Row = readonly (string | null)[];

export interface SqlPrinter {
  columns(columns: readonly ResultColumn[]): void;
  rows(rows: readonly Row[]): string;
  done(tag: string): string;
  end(sum: { readonly rows: number; readonly took: number }): string;
}

export async function sqlPrinter(form: 'text' | 'json' | 'csv'): Promise<SqlPrinter> {
  if (form === 'text') return new TextPrinter();
  if (form === 'csv') {
    const { csvRows } = await import('../../services/postgres/export/csv.ts');
    return csvPrinter(csvRows);
  }
  const { jsonRow } = await import('../../services/postgres/export/json.ts');
  return jsonPrinter(jsonRow);
}

/** One object a line: a row, the end of a statement, and at last the result. */
function jsonPrinter(jsonRow: (columns: readonly ResultColumn[]) => (row: Row) => string): SqlPrinter {
  let row: (values: Row) => string = () => '{}';
  let statement = 0;
  return {
    columns(columns) {
      row = jsonRow(columns);
    },
    rows: (rows) => rows.map((values) => `{"type":"row","statement":${statement},"row":${row(values)}}\n`).join(''),
    done(tag) {
      return `${JSON.stringify({ type: 'statement', statement: statement++, tag })}\n`;
    },
    end: (sum) => `${JSON.stringify({ type: 'result', ok: true, ...sum })}\n`,
  };
}

/** The results of several statements follow each other after an empty line. */
function csvPrinter(csvRows: (rows: readonly Row[]) => string): SqlPrinter {
  let head = '';
  let results = 0;
  const takeHead = () => {
    const text = head;
    head = '';
    return text;
  };
  return {
    columns(columns) {
      head = `${results++ > 0 ? '\n' : ''}${csvRows([columns.map(({ name }) => name)])}`;
    },
    rows: (rows) => takeHead() + csvRows(rows),
    done: takeHead,
    end: () => '',
  };
}

const widest = 60;

/** A table whose columns are as wide as its first rows need; later values push theirs aside rather than be cut. */
class TextPrinter implements SqlPrinter {
  #columns: readonly ResultColumn[] = [];
  #widths: readonly number[] | undefined;

  columns(columns: readonly ResultColumn[]): void {
    this.#columns = columns;
    this.#widths = undefined;
  }

  rows(rows: readonly Row[]): string {
    const shown = rows.map((row) => row.map((value) => (value === null ? 'NULL' : value.replaceAll('\n', '⏎'))));
    const head = this.#widths ? '' : this.#head(shown);
    const widths = this.#widths!;
    const lines = shown.map((row, at) =>
      row
        .map((text, index) => {
          const last = index === row.length - 1;
          const padded =
            this.#columns[index]?.kind === 'number' ? text.padStart(widths[index]!) : last ? text : text.padEnd(widths[index]!);
          return rows[at]![index] === null ? paint('dim', padded) : padded;
        })
        .join('  '),
    );
    return `${head}${lines.join('\n')}\n`;
  }

  done(tag: string): string {
    const head = this.#columns.length > 0 && !this.#widths ? this.#head([]) : '';
    this.#columns = [];
    this.#widths = undefined;
    return `${head}${paint('dim', tag)}\n`;
  }

  end(): string {
    return '';
  }

  #head(first: readonly (readonly string[])[]): string {
    const widths = this.#columns.map(({ name }, index) =>
      Math.min(
        widest,
        first.reduce((most, row) => Math.max(most, row[index]!.length), name.length),
      ),
    );
    this.#widths = widths;
    const names = this.#columns.map(({ name, kind }, index) =>
      kind === 'number' ? name.padStart(widths[index]!) : name.padEnd(widths[index]!),
    );
    return `${paint('bold', names.join('  ').trimEnd())}\n`;
  }
}
