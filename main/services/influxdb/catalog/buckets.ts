/** Buckets: what there is, how long each keeps its points, and what is lost when that changes. */
import type { Bucket } from '../../../../preload/contract/index.ts';
import { NoodleError } from '../../../errors.ts';
import { always, flux, type Span, source } from '../flux.ts';
import type { InfluxHttp } from '../query.ts';
import { measurements } from './names.ts';

interface BucketAnswer {
  readonly id: string;
  readonly orgID: string;
  readonly name: string;
  readonly type: string;
  readonly description?: string;
  readonly createdAt?: string;
  readonly retentionRules: readonly { readonly everySeconds: number; readonly shardGroupDurationSeconds?: number }[];
}

const pageSize = 100;
/** More buckets than anyone has. */
const pagesMost = 50;

/** The stack's first, then people's, then the server's own; by name. */
export async function listBuckets(http: InfluxHttp, signal: AbortSignal): Promise<Bucket[]> {
  const all: Bucket[] = [];
  for (let page = 0; page < pagesMost; page++) {
    const query = { org: http.org, limit: String(pageSize), offset: String(page * pageSize) };
    const { buckets } = await http.call<{ buckets: readonly BucketAnswer[] }>('GET', '/api/v2/buckets', { query, signal });
    all.push(...buckets.map((bucket) => told(http, bucket)));
    if (buckets.length < pageSize) break;
  }
  return all.sort((a, b) => Number(b.own) - Number(a.own) || Number(a.system) - Number(b.system) || a.name.localeCompare(b.name));
}

/** @throws NoodleError not-found */
export async function bucketById(http: InfluxHttp, id: string, signal: AbortSignal): Promise<Bucket> {
  const bucket = (await listBuckets(http, signal)).find((each) => each.id === id);
  if (bucket) return bucket;
  throw new NoodleError({ code: 'not-found', what: 'This bucket is no longer there.', todo: 'Load the list of buckets again.' });
}

/** @throws NoodleError conflict for a name that is taken, bad-argument for one the server does not take */
export async function createBucket(
  http: InfluxHttp,
  { name, retention, description }: { readonly name: string; readonly retention: number; readonly description: string },
  signal: AbortSignal,
): Promise<Bucket> {
  const there = await listBuckets(http, signal);
  if (there.some((bucket) => bucket.name === name)) {
    throw new NoodleError({ code: 'conflict', what: `There is a bucket ${JSON.stringify(name)} already.`, todo: 'Choose another name.' });
  }
  if (name.startsWith('_') || name.includes('"') || name.trim() !== name) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `${JSON.stringify(name)} cannot be the name of a bucket.`,
      why: 'InfluxDB takes no name that begins with _, contains a double quote, or begins or ends with a space.',
      todo: 'Choose another name.',
    });
  }
  const { orgs } = await http.call<{ orgs: readonly { readonly id: string }[] }>('GET', '/api/v2/orgs', {
    query: { org: http.org },
    signal,
  });
  const body = { orgID: orgs[0]?.id, name, description, retentionRules: rules(retention) };
  return told(http, await http.call<BucketAnswer>('POST', '/api/v2/buckets', { body, signal }));
}

/** @param retention seconds; 0 keeps for ever */
export async function keepFor(http: InfluxHttp, id: string, retention: number, signal: AbortSignal): Promise<Bucket> {
  const body = { retentionRules: rules(retention) };
  return told(http, await http.call<BucketAnswer>('PATCH', `/api/v2/buckets/${encodeURIComponent(id)}`, { body, signal }));
}

export async function removeBucket(http: InfluxHttp, id: string, signal: AbortSignal): Promise<void> {
  const { system, name } = await bucketById(http, id, signal);
  if (system) throw new NoodleError({ code: 'bad-argument', what: `${name} is the server's own bucket.`, todo: 'Choose one of your own.' });
  await http.call('DELETE', `/api/v2/buckets/${encodeURIComponent(id)}`, { signal });
}

/** Points older than so many seconds; 0: none is too old. */
export async function pointsOlderThan(http: InfluxHttp, bucket: string, seconds: number, signal: AbortSignal): Promise<number> {
  if (seconds === 0) return 0;
  return countAll(http, bucket, { start: always.start, stop: Date.now() - seconds * 1_000 }, signal);
}

/** What deleting a bucket would lose, in words. */
export async function bucketLosses(http: InfluxHttp, bucket: string, signal: AbortSignal): Promise<string[]> {
  const [points, { names, cut }] = await Promise.all([countAll(http, bucket, always, signal), measurements(http, bucket, '', signal)]);
  if (points === 0) return [`The bucket ${bucket}, which is empty`];
  const many = `${counted(names.length)}${cut ? ' and more' : ''} ${names.length === 1 ? 'measurement' : 'measurements'}`;
  const shown = `${names.slice(0, 10).join(', ')}${names.length > 10 ? ' …' : ''}`;
  return [`The bucket ${bucket}`, `${counted(points)} ${points === 1 ? 'point' : 'points'}`, `${many}: ${shown}`];
}

function counted(count: number): string {
  return new Intl.NumberFormat('en-US').format(count);
}

/** Points of a bucket in a span, of all fields. */
export async function countAll(http: InfluxHttp, bucket: string, span: Span, signal: AbortSignal): Promise<number> {
  const query = flux`${source(bucket, span)}
  |> count()
  |> keep(columns: ["_value"])
  |> sum()`;
  const [row] = await http.collect<{ _value: number }>(query, 1, signal);
  return row?._value ?? 0;
}

function rules(retention: number) {
  return [{ type: 'expire', everySeconds: retention }];
}

function told(http: InfluxHttp, { id, name, type, description, createdAt, retentionRules }: BucketAnswer): Bucket {
  const [rule] = retentionRules;
  return {
    id,
    name,
    system: type === 'system',
    own: name === http.connection.parts.bucket,
    retention: rule?.everySeconds ?? 0,
    shard: rule?.shardGroupDurationSeconds ?? 0,
    description: description ?? '',
    createdAt: createdAt ? Date.parse(createdAt) : 0,
  };
}
