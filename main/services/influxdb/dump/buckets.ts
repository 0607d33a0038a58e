/** Buckets with their settings, page by page of the server's list. */
import { z } from 'zod';
import { flux, time } from '../flux.ts';
import type { InfluxHttp } from '../query.ts';

export const Bucket = z.object({
  part: z.string(),
  name: z.string(),
  description: z.string(),
  /** seconds; 0: for ever */
  retention: z.number().int().nonnegative(),
  /** seconds of one shard group */
  shard: z.number().int().nonnegative(),
});
export type Bucket = z.infer<typeof Bucket>;
export const Catalog = z.object({ buckets: z.array(Bucket) });
export const catalogPart = 'catalog.json';

interface Answer {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly description?: string;
  readonly retentionRules: readonly { readonly everySeconds: number; readonly shardGroupDurationSeconds?: number }[];
}

export interface Found extends Omit<Bucket, 'part'> {
  readonly id: string;
}

const freshPrefix = 'noodlebox-new-';
const oldPrefix = 'noodlebox-old-';
export const freshName = (id: string, at: number) => `${freshPrefix}${id}-${at}`;
export const oldName = (id: string, at: number) => `${oldPrefix}${id}-${at}`;
export const isOurs = (name: string) => name.startsWith(freshPrefix) || name.startsWith(oldPrefix);

/** All but the server's own. */
export async function buckets(http: InfluxHttp, signal: AbortSignal): Promise<Found[]> {
  const all: Answer[] = [];
  for (let after: string | undefined; ; after = all.at(-1)!.id) {
    const query = { org: http.org, limit: '100', ...(after ? { after } : {}) };
    const { buckets: page } = await http.call<{ buckets: readonly Answer[] }>('GET', '/api/v2/buckets', { query, signal });
    all.push(...page);
    if (page.length < 100) break;
  }
  return all
    .filter(({ type }) => type !== 'system')
    .map(({ id, name, description = '', retentionRules: [rule] }) => ({
      id,
      name,
      description,
      retention: rule?.everySeconds ?? 0,
      shard: rule?.shardGroupDurationSeconds ?? 0,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export async function orgId(http: InfluxHttp, signal: AbortSignal): Promise<string | undefined> {
  const { orgs } = await http.call<{ orgs: readonly { readonly id: string }[] }>('GET', '/api/v2/orgs', {
    query: { org: http.org },
    signal,
  });
  return orgs[0]?.id;
}

export function rules(retention: number, shard: number) {
  return [{ type: 'expire', everySeconds: retention, ...(shard > 0 ? { shardGroupDurationSeconds: shard } : {}) }];
}

/** The first or the last moment (ms) from one on that a bucket has a point of; undefined: it has none. */
export async function edge(
  http: InfluxHttp,
  bucket: string,
  end: 'first' | 'last',
  from: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const all = flux`from(bucket: ${bucket}) |> range(start: ${time(from)}, stop: ${time(latest)})`;
  const query =
    end === 'first'
      ? flux`${all} |> first() |> keep(columns: ["_time"]) |> sort(columns: ["_time"]) |> limit(n: 1)`
      : flux`${all} |> last() |> keep(columns: ["_time"]) |> sort(columns: ["_time"], desc: true) |> limit(n: 1)`;
  const [row] = await http.collect<{ _time: string }>(query, 1, signal);
  return row && Date.parse(row._time);
}

/** As far as times in ns of 64 bits go. */
export const earliest = Date.parse('1677-09-22T00:00:00Z');
export const latest = Date.parse('2262-04-11T00:00:00Z');
