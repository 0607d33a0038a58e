/**
 * A row of a query as a line of line protocol, with the type its field has.
 * https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
 */
import type { Row } from '@influxdata/influxdb-client';
import type { FieldFilter } from '../../portion.ts';
import { escapeMeasurement, escapeTag, fieldValue, nanoseconds } from '../dump/line.ts';

const own = new Set(['', 'result', 'table', '_start', '_stop', '_time', '_value', '_field', '_measurement']);

export interface Point {
  readonly measurement: string;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly field: string;
  readonly type: string;
  /** As the server writes it. */
  readonly value: string;
  /** RFC 3339, to the nanosecond. */
  readonly time: string;
}

export function pointOf({ values, tableMeta }: Row): Point {
  const at = new Map(tableMeta.columns.map((column) => [column.label, column] as const));
  const get = (label: string) => values[at.get(label)?.index ?? -1] ?? '';
  return {
    measurement: get('_measurement'),
    tags: tableMeta.columns.flatMap(({ label, index }) => (own.has(label) || values[index] === '' ? [] : [[label, values[index] ?? ''] as const])), // biome-ignore format: one line
    field: get('_field'),
    type: at.get('_value')?.dataType ?? 'double',
    value: get('_value'),
    time: get('_time'),
  };
}

/** @returns undefined for a point whose value is masked away */
export function filteredPoint(point: Point, filter: FieldFilter): Point | undefined {
  if (filter.passesAll) return point;
  const { measurement } = point;
  const tags = point.tags.flatMap(([key, value]) => {
    const instead = filter.value(measurement, key, value);
    return instead === null || instead === '' ? [] : [[key, instead] as const];
  });
  if (point.type !== 'string') return { ...point, tags };
  const value = filter.value(measurement, point.field, point.value);
  return value === null ? undefined : { ...point, tags, value };
}

export function lineOf({ measurement, tags, field, type, value, time }: Point): string {
  const keys = [...tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, tag]) => `,${escapeTag(key)}=${escapeTag(tag)}`);
  return `${escapeMeasurement(measurement)}${keys.join('')} ${escapeTag(field)}=${fieldValue(value, type)} ${nanoseconds(time)}`;
}
