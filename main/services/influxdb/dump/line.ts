/** One field of one point as line protocol, from a row of a query: the text of a number goes over as it came. */
import type { Row } from '@influxdata/influxdb-client';

/** How a row's columns are to be read; the same for all rows of a table. */
interface Columns {
  readonly measurement: number;
  readonly field: number;
  readonly time: number;
  readonly value: number;
  readonly type: string;
  /** Names escaped, by name. */
  readonly tags: readonly { readonly name: string; readonly at: number }[];
  /** What an empty cell of a column stands for. */
  readonly defaults: readonly string[];
}

const notTags: ReadonlySet<string> = new Set(['result', 'table', '_start', '_stop', '_time', '_value', '_field', '_measurement', '']);

/** https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/ */
export class LineWriter {
  readonly #columns = new WeakMap<object, Columns>();

  line({ values, tableMeta }: Row): string {
    const columns = this.#columns.get(tableMeta) ?? this.#read(tableMeta);
    const cell = (at: number) => values[at] || columns.defaults[at] || '';
    let line = escapeMeasurement(cell(columns.measurement));
    for (const { name, at } of columns.tags) {
      const value = cell(at);
      if (value !== '') line += `,${name}=${escapeTag(value)}`;
    }
    return `${line} ${escapeTag(cell(columns.field))}=${fieldValue(cell(columns.value), columns.type)} ${nanoseconds(cell(columns.time))}`;
  }

  #read(tableMeta: Row['tableMeta']): Columns {
    const at = (label: string) => tableMeta.columns.find((column) => column.label === label)?.index ?? -1;
    const columns: Columns = {
      measurement: at('_measurement'),
      field: at('_field'),
      time: at('_time'),
      value: at('_value'),
      type: tableMeta.columns.find(({ label }) => label === '_value')?.dataType ?? '',
      tags: tableMeta.columns
        .filter(({ label }) => !notTags.has(label))
        .map(({ label, index }) => ({ name: escapeTag(label), at: index }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      defaults: tableMeta.columns.map(({ defaultValue }) => defaultValue),
    };
    this.#columns.set(tableMeta, columns);
    return columns;
  }
}

export function escapeMeasurement(text: string): string {
  return /[ ,\n]/.test(text) ? text.replace(/[ ,]/g, '\\$&').replaceAll('\n', '\\n') : text;
}

/** Keys and values of tags, and names of fields. */
export function escapeTag(text: string): string {
  return /[ ,=\n]/.test(text) ? text.replace(/[ ,=]/g, '\\$&').replaceAll('\n', '\\n') : text;
}

export function fieldValue(text: string, type: string): string {
  switch (type) {
    case 'long':
      return `${text}i`;
    case 'unsignedLong':
      return `${text}u`;
    case 'string':
      return `"${text.replace(/["\\]/g, '\\$&')}"`;
    default:
      return text;
  }
}

/** RFC 3339 with up to nine digits after the point, as the server writes times. */
export function nanoseconds(text: string): string {
  const [, whole, fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(text) ?? [];
  return String(BigInt(Date.parse(`${whole}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0')));
}
