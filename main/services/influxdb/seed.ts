/** Seeding InfluxDB: the bucket's rules, data by batches that may be repeated (a point is its tags and time). */
import { z } from 'zod';
import type { Dataset } from '../../../seeds/generator/dataset.ts';
import { type Measurement, measurements, point, pointCounts } from '../../../seeds/influxdb/points.ts';
import { limits } from '../../limits.ts';
import { readDeclared } from '../declared.ts';
import type { Connection } from '../kind.ts';
import type { LedgerEntry, LoadMark, Migration, SeedSlice, SeedTarget, StoreCount } from '../seed-target.ts';
import { type InfluxClient, openInflux } from './client.ts';
import { type MetricFamily, metricFamilies, metricPoint } from './metrics.ts';

const families = Object.fromEntries(Object.entries(metricFamilies).map(([family, { measurement }]) => [measurement, family])) as Readonly<
  Record<Measurement, MetricFamily>
>;

const declared = z.strictObject({
  bucket: z.strictObject({ retentionHours: z.number().int().nonnegative(), shardHours: z.number().int().positive() }),
});

/** @throws NoodleError wrong-password, service-unreachable, service-unhealthy (no such org) */
export async function openSeedTarget(connection: Connection): Promise<SeedTarget> {
  const client = await openInflux(connection);
  const bucket = await findBucket(client);
  const ledger = openLedger(client, bucket);
  return {
    kind: 'influxdb',
    async ledger() {
      const entries = Object.entries(await ledger.read()).filter(([key]) => key !== loadKey);
      return entries.map(([, text]) => JSON.parse(text) as LedgerEntry).sort((a, b) => a.id.localeCompare(b.id));
    },
    async migrate(migration, signal) {
      const row = (state: LedgerEntry['state']): LedgerEntry => ({ id: migration.id, checksum: migration.checksum, state, at: Date.now() });
      const rules = retentionRules(migration);
      await ledger.write(migration.id, row('started'));
      await client.call('PATCH', `/api/v2/buckets/${bucket.id}`, { body: { retentionRules: rules }, signal });
      await ledger.write(migration.id, row('applied'));
    },
    async loadMark() {
      const text = (await ledger.read())[loadKey];
      return text === undefined ? undefined : (JSON.parse(text) as LoadMark);
    },
    setLoadMark: (mark) => ledger.write(loadKey, mark),
    parts(sizes) {
      const counts = pointCounts(sizes);
      return measurements.map((name) => ({ name, items: counts[name], batch: limits.seedPoints }));
    },
    async load(dataset, slice, mark) {
      await client.write(pointsOf(dataset, slice));
      await ledger.write(loadKey, mark);
    },
    async clear(signal) {
      for (const name of measurements) {
        const body = { start: '1970-01-01T00:00:00Z', stop: '2200-01-01T00:00:00Z', predicate: `_measurement="${name}"` };
        await client.call('POST', '/api/v2/delete', { query: { org: client.org, bucket: client.bucket }, body, signal });
      }
    },
    counts: (signal) => countPoints(client, signal),
    close: async () => {},
  };
}

function* pointsOf(dataset: Dataset, { part, from, to }: SeedSlice) {
  const measurement = part as Measurement;
  for (let index = from; index < to; index++) yield metricPoint(families[measurement], point(dataset, measurement, index));
}

function retentionRules(migration: Migration) {
  const { bucket } = readDeclared(migration, declared);
  return [{ type: 'expire', everySeconds: bucket.retentionHours * 3_600, shardGroupDurationSeconds: bucket.shardHours * 3_600 }];
}

interface Bucket {
  readonly id: string;
  readonly orgID: string;
}

async function findBucket(client: InfluxClient): Promise<Bucket> {
  const { buckets } = await client.call<{ buckets: Bucket[] }>('GET', '/api/v2/buckets', {
    query: { org: client.org, name: client.bucket },
  });
  return buckets[0]!;
}

const loadKey = 'load';

/**
 * The ledger is a label of the bucket: its properties are kept with the server's metadata, changed one
 * call at a time and seen at once, which no point is. It is named after the bucket's id, so that a
 * bucket made anew begins with an empty one. https://docs.influxdata.com/influxdb/v2/api/#tag/Labels
 */
function openLedger(client: InfluxClient, bucket: Bucket) {
  const name = `noodlebox ledger ${bucket.id}`;
  let known: string | undefined;

  async function find(): Promise<{ id: string; properties?: Record<string, string> } | undefined> {
    const { labels } = await client.call<{ labels: { id: string; name: string; properties?: Record<string, string> }[] }>(
      'GET',
      '/api/v2/labels',
      {
        query: { orgID: bucket.orgID },
      },
    );
    const label = labels.find((each) => each.name === name);
    known = label?.id;
    return label;
  }

  return {
    read: async (): Promise<Readonly<Record<string, string>>> => (await find())?.properties ?? {},
    async write(key: string, value: LedgerEntry | LoadMark): Promise<void> {
      const properties = { [key]: JSON.stringify(value) };
      if (known === undefined) await find();
      if (known !== undefined) await client.call('PATCH', `/api/v2/labels/${known}`, { body: { properties } });
      else await client.call('POST', '/api/v2/labels', { body: { orgID: bucket.orgID, name, properties } });
    },
  };
}

/**
 * By InfluxQL, which counts several times as fast as Flux where there are many series.
 * A bucket is its own database there: https://docs.influxdata.com/influxdb/v2/query-data/influxql/dbrp/
 */
async function countPoints(client: InfluxClient, signal: AbortSignal): Promise<StoreCount[]> {
  const q = `select count("value") from ${measurements.join(', ')}`;
  const answer = await client.call<CountAnswer>('GET', '/query', { query: { db: client.bucket, q }, signal });
  const rows = new Map(answer.results[0]?.series?.map(({ name, values }) => [name, values[0]![1]]));
  return measurements.map((name) => ({ name, rows: rows.get(name) ?? 0 }));
}

interface CountAnswer {
  readonly results: readonly {
    readonly series?: readonly { readonly name: string; readonly values: readonly [readonly [string, number]] }[];
  }[];
}
