/** Seeding InfluxDB: the bucket's rules, data by batches that may be repeated (a point is its tags and time). */
import { flux, InfluxDB } from '@influxdata/influxdb-client';
import { z } from 'zod';
import type { Dataset } from '../../../seeds/generator/dataset.ts';
import { type Measurement, measurements, point, pointCounts } from '../../../seeds/influxdb/points.ts';
import { limits } from '../../limits.ts';
import { abortable } from '../connect.ts';
import { readDeclared } from '../declared.ts';
import type { Connection } from '../kind.ts';
import type { LedgerEntry, Migration, SeedSlice, SeedTarget, StoreCount } from '../seed-target.ts';
import { type InfluxClient, openInflux } from './client.ts';
import { type MetricFamily, metricFamilies, metricPoint } from './metrics.ts';
import { type Bucket, openLedger, type SeedLedger } from './seed-ledger.ts';

const families = Object.fromEntries(Object.entries(metricFamilies).map(([family, { measurement }]) => [measurement, family])) as Readonly<
  Record<Measurement, MetricFamily>
>;

const declared = z.strictObject({
  bucket: z.strictObject({ retentionHours: z.number().int().nonnegative(), shardHours: z.number().int().positive() }),
});

/** @throws NoodleError wrong-password, service-unreachable, service-unhealthy (no such org) */
export async function openSeedTarget(connection: Connection): Promise<SeedTarget> {
  const client = await openInflux(connection);
  const bucket = (await buckets(client)).find(({ name }) => name === client.bucket)!;
  const ledger = openLedger(client, bucket);
  return {
    kind: 'influxdb',
    ledger: ledger.entries,
    async migrate(migration, signal) {
      const row = (state: LedgerEntry['state']): LedgerEntry => ({ id: migration.id, checksum: migration.checksum, state, at: Date.now() });
      const rules = retentionRules(migration);
      await ledger.keepEntry(row('started'));
      const now = (await buckets(client)).find(({ name }) => name === client.bucket)!;
      await client.call('PATCH', `/api/v2/buckets/${now.id}`, { body: { retentionRules: rules }, signal });
      await ledger.keepEntry(row('applied'));
    },
    loadMark: ledger.mark,
    setLoadMark: ledger.keepMark,
    parts(sizes) {
      const counts = pointCounts(sizes);
      return measurements.map((name) => ({ name, items: counts[name], batch: limits.seedPoints }));
    },
    async load(dataset, slice, mark) {
      await client.write(pointsOf(dataset, slice));
      await ledger.keepMark(mark);
    },
    clear: () => swapBucket(client, ledger),
    async counts(signal) {
      const counts: StoreCount[] = [];
      // One after the other: where there are millions of series, each takes its share of the server's memory.
      for (const name of measurements) counts.push({ name, rows: await countPoints(connection, name, signal) });
      return counts;
    },
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

type RuledBucket = Bucket & { readonly retentionRules: readonly unknown[] };

async function buckets(client: InfluxClient): Promise<readonly RuledBucket[]> {
  return (await client.call<{ buckets: readonly RuledBucket[] }>('GET', '/api/v2/buckets', { query: { org: client.org, limit: '100' } }))
    .buckets;
}

/**
 * Puts an empty bucket in the place of the full one, which is then deleted: deleting points takes the
 * server about a millisecond each, deleting a bucket hardly any time. What an earlier run left is deleted too.
 */
async function swapBucket(client: InfluxClient, ledger: SeedLedger): Promise<void> {
  const anewName = `${client.bucket}_anew`;
  const clearedName = `${client.bucket}_cleared`;
  const remove = (bucket: Bucket) => client.call('DELETE', `/api/v2/buckets/${bucket.id}`);
  const rename = (bucket: Bucket, name: string) => client.call('PATCH', `/api/v2/buckets/${bucket.id}`, { body: { name } });

  const there = await buckets(client);
  for (const bucket of there) if (bucket.name === anewName || bucket.name === clearedName) await remove(bucket);
  const full = there.find(({ name }) => name === client.bucket)!;
  const body = { orgID: full.orgID, name: anewName, retentionRules: full.retentionRules };
  const anew = await client.call<Bucket>('POST', '/api/v2/buckets', { body });
  await rename(full, clearedName);
  await rename(anew, client.bucket);
  await ledger.moveTo(anew);
  await remove(full);
}

async function countPoints(connection: Connection, measurement: Measurement, signal: AbortSignal): Promise<number> {
  const { org = '', bucket = '', token = '' } = connection.parts;
  const query = flux`from(bucket: ${bucket})
  |> range(start: 0, stop: 2200-01-01T00:00:00Z)
  |> filter(fn: (r) => r["_measurement"] == ${measurement} and r["_field"] == "value")
  |> group()
  |> count()`;
  const api = new InfluxDB({ url: connection.url, token, timeout: limits.seedCountTimeout }).getQueryApi(org);
  const [row] = await abortable(api.collectRows<{ _value: number }>(query), signal);
  return row?._value ?? 0;
}
