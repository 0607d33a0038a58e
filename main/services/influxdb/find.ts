/** Finding an id as a tag's value in every bucket, and measurements by name. */
import { limits } from '../../limits.ts';
import type { SessionFinding, SessionName } from '../kind.ts';
import { listBuckets } from './catalog/buckets.ts';
import { bucketTags, measurements } from './catalog/names.ts';
import { always, flux, type ParameterizedQuery, source, taggedWith } from './flux.ts';
import type { InfluxHttp } from './query.ts';

const own = new Set(['result', 'table', '_start', '_stop', '_time', '_value', '_field', '_measurement']);
/** Shown around a series' first and last point, ms. */
const margin = 60_000;

interface FoundSeries {
  readonly measurement: string;
  readonly field: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly value: unknown;
  readonly last: number;
  first: number;
  points: number;
}

/** Series one of whose tags has this value. */
export async function traceTag(http: InfluxHttp, id: string, signal: AbortSignal): Promise<{ findings: SessionFinding[]; cut: boolean }> {
  const buckets = (await listBuckets(http, signal)).filter(({ system }) => !system);
  const found = await Promise.all(
    buckets.slice(0, limits.traceBuckets).map(async ({ name }) => ({ bucket: name, series: await seriesWith(http, name, id, signal) })),
  );
  const findings = found.flatMap(({ bucket, series }) => series.map((one) => finding(bucket, one, id)));
  const most = limits.traceFindings;
  return { findings: findings.slice(0, most), cut: findings.length > most || buckets.length > limits.traceBuckets };
}

async function seriesWith(http: InfluxHttp, bucket: string, id: string, signal: AbortSignal): Promise<FoundSeries[]> {
  const keys = await bucketTags(http, bucket, signal);
  if (keys.length === 0) return [];
  const pointsOf = flux`${source(bucket, always)}
  |> filter(fn: (r) => ${taggedWith(keys, id)})`;
  const most = limits.traceFindings + 1;
  const ask = (act: ParameterizedQuery) => http.collect<Record<string, unknown>>(flux`${pointsOf}${act}`, most, signal);
  const [lasts, firsts, counts] = await Promise.all([ask(flux` |> last()`), ask(flux` |> first()`), ask(flux` |> count()`)]);
  const series = new Map<string, FoundSeries>();
  for (const row of lasts) {
    const last = Date.parse(String(row._time));
    const tags = tagsOf(row);
    series.set(keyOf(row), {
      measurement: String(row._measurement),
      field: String(row._field),
      tags,
      value: row._value,
      last,
      first: last,
      points: 1,
    });
  }
  for (const row of firsts) {
    const one = series.get(keyOf(row));
    if (one) one.first = Date.parse(String(row._time));
  }
  for (const row of counts) {
    const one = series.get(keyOf(row));
    if (one) one.points = Number(row._value);
  }
  return [...series.values()];
}

function keyOf(row: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([row._measurement, row._field, Object.entries(tagsOf(row)).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function tagsOf(row: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([key, value]) => (own.has(key) || value === undefined || value === null ? [] : [[key, String(value)]])),
  );
}

function finding(bucket: string, { measurement, field, tags, value, first, last, points }: FoundSeries, id: string): SessionFinding {
  const entries = Object.entries(tags);
  const relation = entries.filter(([, each]) => each === id).map(([key]) => key);
  const others = entries.filter(([, each]) => each !== id).map(([key, each]) => `${key}=${each}`);
  return {
    what: 'series',
    place: measurement,
    name: [...others, ...(field === 'value' ? [] : [field])].join(' ') || field,
    relation: `as ${relation.join(' and ')}`,
    time: last,
    content: JSON.stringify({
      [field]: value,
      points,
      first: new Date(first).toISOString(),
      last: new Date(last).toISOString(),
      bucket,
      tags,
    }),
    search: {
      bucket,
      measurement,
      fields: [field],
      filters: entries.map(([key, each]) => ({ key, values: [each] })),
      start: first - margin,
      stop: last + margin,
    },
  };
}

/** Buckets and measurements whose name contains the text. */
export async function findNames(http: InfluxHttp, text: string, own: string, signal: AbortSignal): Promise<SessionName[]> {
  const buckets = (await listBuckets(http, signal)).filter(({ system }) => !system);
  const matching = buckets.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  const found = await Promise.all(
    buckets.slice(0, limits.traceBuckets).map(async ({ name: bucket }) => {
      const { names } = await measurements(http, bucket, text, signal);
      return names.map(
        (name): SessionName => ({
          what: 'measurement',
          name: bucket === own ? name : `${bucket}/${name}`,
          search: { bucket, measurement: name },
        }),
      );
    }),
  );
  const named = matching.map(({ name }): SessionName => ({ what: 'bucket', name, search: { bucket: name } }));
  return [...found.flat(), ...named].slice(0, limits.lookupNames);
}
