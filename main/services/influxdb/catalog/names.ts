/** What a bucket holds, by name: measurements, fields, tags and their values, from the index. */
import type { FieldType, NameList, PointChoice, TagFilter } from '../../../../preload/contract/index.ts';
import { limits } from '../../../limits.ts';
import { always, containing, flux, type ParameterizedQuery, points, predicate, type Span, time } from '../flux.ts';
import type { InfluxHttp } from '../query.ts';

const imports = flux`import "influxdata/influxdb/schema"
import "strings"
`;

export function measurements(http: InfluxHttp, bucket: string, text: string, signal: AbortSignal): Promise<NameList> {
  return list(
    http,
    flux`${imports}schema.measurements(bucket: ${bucket}, start: ${time(always.start)}, stop: ${time(always.stop)})`,
    text,
    signal,
  );
}

export function fields(http: InfluxHttp, bucket: string, measurement: string, text: string, signal: AbortSignal): Promise<NameList> {
  const query = flux`${imports}schema.measurementFieldKeys(bucket: ${bucket}, measurement: ${measurement}, start: ${time(always.start)}, stop: ${time(always.stop)})`;
  return list(http, query, text, signal);
}

/** Tag keys that a person gave; `_measurement` and its like are the server's own. */
export async function tags(http: InfluxHttp, bucket: string, measurement: string, signal: AbortSignal): Promise<NameList> {
  const query = flux`${imports}schema.measurementTagKeys(bucket: ${bucket}, measurement: ${measurement}, start: ${time(always.start)}, stop: ${time(always.stop)})`;
  const { names, cut } = await list(http, query, '', signal);
  return { names: names.filter((name) => !ownColumns.has(name)), cut };
}

const ownColumns = new Set(['_start', '_stop', '_measurement', '_field', '_time', '_value']);

export interface ValuesOf {
  readonly bucket: string;
  readonly measurement: string;
  readonly key: string;
  readonly filters: readonly TagFilter[];
}

/** Values of a tag among the points that pass the filters on other tags. */
export function tagValues(
  http: InfluxHttp,
  { bucket, measurement, key, filters }: ValuesOf,
  text: string,
  signal: AbortSignal,
  span: Span = always,
): Promise<NameList> {
  const others = predicate({ measurement, fields: [], filters: filters.filter((filter) => filter.key !== key) });
  const query = flux`${imports}schema.tagValues(bucket: ${bucket}, tag: ${key}, predicate: (r) => ${others}, start: ${time(span.start)}, stop: ${time(span.stop)})`;
  return list(http, query, text, signal);
}

/** What a field's newest value is; null when there is none. */
export async function fieldType(
  http: InfluxHttp,
  bucket: string,
  measurement: string,
  field: string,
  signal: AbortSignal,
): Promise<FieldType | null> {
  const choice: PointChoice = { bucket, measurement, fields: [field], filters: [] };
  const query = flux`${points(choice, always)}
  |> last()
  |> keep(columns: ["_value"])
  |> limit(n: 1)`;
  for await (const { tableMeta } of http.rows(query, { signal })) return types[tableMeta.column('_value').dataType] ?? null;
  return null;
}

const types: Readonly<Record<string, FieldType>> = {
  double: 'float',
  long: 'int',
  unsignedLong: 'uint',
  boolean: 'bool',
  string: 'string',
};

async function list(http: InfluxHttp, query: ParameterizedQuery, text: string, signal: AbortSignal): Promise<NameList> {
  const rows = await http.collect<{ _value: string }>(flux`${query}${containing(text)}`, limits.influxNames + 1, signal);
  const names = rows.slice(0, limits.influxNames).map(({ _value }) => _value);
  return { names, cut: rows.length > names.length };
}

/** All tag keys of a bucket. */
export async function bucketTags(http: InfluxHttp, bucket: string, signal: AbortSignal): Promise<string[]> {
  const query = flux`${imports}schema.tagKeys(bucket: ${bucket}, start: ${time(always.start)}, stop: ${time(always.stop)})`;
  const { names } = await list(http, query, '', signal);
  return names.filter((name) => !ownColumns.has(name));
}
