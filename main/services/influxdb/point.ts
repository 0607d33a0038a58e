/** A row of a query as one field of one point, and that as line protocol: the text of a number goes over as it came. */
export interface Point {
  readonly measurement: string;
  /** By key; those that are there. */
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly field: string;
  /** As annotated CSV names it: long, string … */
  readonly type: string;
  /** As the server writes it. */
  readonly value: string;
  /** RFC 3339, to the nanosecond. */
  readonly time: string;
}

/** What is known of the columns of a table: as much of the client's own type as is needed here. */
export interface TableColumns {
  readonly columns: readonly { readonly label: string; readonly index: number; readonly dataType: string; readonly defaultValue: string }[];
}

interface Row {
  readonly values: readonly string[];
  readonly tableMeta: TableColumns;
}

/** How a row's columns are to be read; the same for all rows of a table. */
interface Columns {
  readonly measurement: number;
  readonly field: number;
  readonly time: number;
  readonly value: number;
  readonly type: string;
  readonly tags: readonly { readonly key: string; readonly at: number }[];
  /** What an empty cell of a column stands for. */
  readonly defaults: readonly string[];
}

const notTags: ReadonlySet<string> = new Set(['result', 'table', '_start', '_stop', '_time', '_value', '_field', '_measurement', '']);

export class PointReader {
  readonly #columns = new WeakMap<object, Columns>();

  read({ values, tableMeta }: Row): Point {
    const columns = this.#columns.get(tableMeta) ?? this.#read(tableMeta);
    const cell = (at: number) => values[at] || columns.defaults[at] || '';
    const tags: (readonly [string, string])[] = [];
    for (const { key, at } of columns.tags) {
      const value = cell(at);
      if (value !== '') tags.push([key, value]);
    }
    return {
      measurement: cell(columns.measurement),
      tags,
      field: cell(columns.field),
      type: columns.type,
      value: cell(columns.value),
      time: cell(columns.time),
    };
  }

  #read(tableMeta: TableColumns): Columns {
    const at = (label: string) => tableMeta.columns.find((column) => column.label === label)?.index ?? -1;
    const columns: Columns = {
      measurement: at('_measurement'),
      field: at('_field'),
      time: at('_time'),
      value: at('_value'),
      type: tableMeta.columns.find(({ label }) => label === '_value')?.dataType ?? '',
      tags: tableMeta.columns
        .filter(({ label }) => !notTags.has(label))
        // The server writes a newline as CR LF, and a CR not at all.
        .map(({ label, index }) => ({ key: label.replaceAll('\r\n', '\n'), at: index }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
      defaults: tableMeta.columns.map(({ defaultValue }) => defaultValue),
    };
    this.#columns.set(tableMeta, columns);
    return columns;
  }
}

/** https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/ */
export function lineOf(point: Point): string {
  return lineFrom(seriesOf(point), point);
}

/** What the lines of all points of a series begin with. */
export function seriesOf({ measurement, tags, field }: Pick<Point, 'measurement' | 'tags' | 'field'>): string {
  let line = escaped(measurement, /[ ,]/g);
  for (const [key, tag] of tags) line += `,${escaped(key, /[ ,=]/g)}=${escaped(tag, /[ ,=]/g)}`;
  return `${line} ${escaped(field, /[ ,=]/g)}=`;
}

export function lineFrom(series: string, { value, type, time }: Pick<Point, 'value' | 'type' | 'time'>): string {
  return `${series}${fieldValue(value, type)} ${nanoseconds(time)}`;
}

/**
 * A name, or the value of a tag. The server takes a newline in one only behind a backslash, which it keeps: such stay as
 * they are. A bare one, which no server has given, would end the line.
 * https://github.com/influxdata/influxdb/blob/v2.7.12/models/points.go (scanLine)
 */
function escaped(text: string, special: RegExp): string {
  if (!/[ ,=\n]/.test(text)) return text;
  return text.replace(special, '\\$&').replaceAll(/(?<!\\)\n/g, '\\n');
}

function fieldValue(text: string, type: string): string {
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
  const point = text.indexOf('.');
  const seconds = Date.parse(point < 0 ? text : `${text.slice(0, point)}Z`) / 1000;
  const fraction = (point < 0 ? '' : text.slice(point + 1, -1)).padEnd(9, '0');
  return seconds > 0 ? `${seconds}${fraction}` : String(BigInt(seconds) * 1_000_000_000n + BigInt(fraction));
}
