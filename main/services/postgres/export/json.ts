import type { ResultColumn } from '../../../../preload/contract/sql.ts';
import type { ExportSource, ExportTo } from './export.ts';
import { writeText } from './text-file.ts';

/** An array of objects. Numbers are written digit by digit as the server wrote them, json as it is; what JSON has no form for is text. */
export function writeJson(source: ExportSource, to: ExportTo): Promise<void> {
  const row = jsonRow(source.columns);
  return writeText(source, to, {
    head: '[',
    rows: (rows, first) => rows.map((values, at) => `${first && at === 0 ? '\n' : ',\n'}${row(values)}`).join(''),
    foot: '\n]\n',
  });
}

/** Columns of the same name are told apart as `name`, `name_2` …: an object has a name once. */
export function jsonRow(columns: readonly ResultColumn[]): (values: readonly (string | null)[]) => string {
  const names = uniqueNames(columns).map((name) => JSON.stringify(name));
  return (values) => `{${values.map((value, at) => `${names[at]}:${jsonValue(value, columns[at]!)}`).join(',')}}`;
}

export function uniqueNames(columns: readonly { readonly name: string }[]): string[] {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    let unique = name;
    for (let next = 2; taken.has(unique); next++) unique = `${name}_${next}`;
    taken.add(unique);
    return unique;
  });
}

/** PostgreSQL also writes numbers that JSON does not know: NaN, Infinity. */
const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

function jsonValue(value: string | null, { kind }: ResultColumn): string {
  if (value === null) return 'null';
  if (kind === 'number') return jsonNumber.test(value) ? value : JSON.stringify(value);
  if (kind === 'boolean') return value === 't' || value === 'true' ? 'true' : 'false';
  // Whatever the server took as json is json; its line ends would break a line-wise reader.
  return kind === 'json' ? value.replace(/\s*\n\s*/g, ' ') : JSON.stringify(value);
}
