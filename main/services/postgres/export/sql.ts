import { quoteIdentifier } from '../quote.ts';
import { literal, numberLiteral } from '../table/literal.ts';
import type { ExportSource, ExportTo } from './export.ts';
import { uniqueNames } from './json.ts';
import { writeText } from './text-file.ts';

/** INSERT statements, one a row, that any PostgreSQL takes. */
export function writeSql(source: ExportSource, to: ExportTo): Promise<void> {
  const { columns } = source;
  const names = uniqueNames(columns).map((name) => quoteIdentifier(name === '' ? 'column' : name));
  const begin = `INSERT INTO ${source.table} (${names.join(', ')}) VALUES (`;
  return writeText(source, to, {
    head: '',
    rows: (rows) =>
      rows
        .map(
          (values) =>
            `${begin}${values.map((value, at) => (columns[at]!.kind === 'number' ? numberLiteral(value) : literal(value))).join(', ')});\n`,
        )
        .join(''),
    foot: '',
  });
}
