import { afterAll, beforeAll, expect, it } from 'vitest';
import { startMonitor } from '../../../main/insight/monitor/monitor.ts';
import { monitorBucket } from '../../../main/insight/monitor/store.ts';
import { ChartQuery, type ServiceKindName, serviceKindNames } from '../../../preload/contract/index.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';
import { type Bed, influxBed, never } from './influxdb-bed.ts';

let servers: Servers;
let bed: Bed | undefined;
beforeAll(async () => {
  servers = await withServers(serviceKindNames);
});
afterAll(async () => {
  await bed?.close();
  await servers?.close();
});

/** What each server is looked at for; FerretDB counts less than MongoDB. */
const known: Readonly<Record<ServiceKindName, readonly string[]>> = {
  postgres: ['connections', 'commits', 'blocks_hit', 'size', 'active'],
  redis: ['memory', 'clients', 'commands', 'hits', 'keys'],
  pulsar: ['heap', 'topics'],
  mongodb: ['collections', 'storage_size'],
  influxdb: ['memory', 'queries', 'writes', 'series'],
};

it('keeps what the five servers tell of themselves, goes on without one that is away, and ends when told to', async (test) => {
  const influx = connectionOf(servers, 'influxdb', test);
  const own = await influxBed(influx);
  bed = own;
  const abort = new AbortController();
  let connections = servers.connections;
  const monitor = startMonitor({ connections: async () => connections, signal: abort.signal, interval: 200 });
  const values = async (measurement: string, fields: string[]) => {
    const query = ChartQuery.parse({
      choice: { bucket: monitorBucket, measurement, fields },
      aggregate: 'last',
      range: { last: 600_000 },
      every: 1_000,
    });
    const { lines } = await own.session.charts.lines(query, never).catch(() => ({ lines: [] }));
    return Object.fromEntries(lines.map(({ labels, values }) => [labels._field!, values.findLast((value) => value !== null)]));
  };
  for (const kind of Object.keys(servers.connections) as ServiceKindName[]) {
    await expect
      .poll(async () => Object.keys(await values(kind, [])), { timeout: 60_000, message: kind })
      .toEqual(expect.arrayContaining([...known[kind], 'up', 'answer_ms']));
  }
  const bucket = (await own.session.buckets.list(never)).find(({ name }) => name === monitorBucket);
  expect(bucket).toMatchObject({ retention: 7 * 86_400, system: false });

  // One that is said to be where nothing listens is down; the others are still looked at.
  connections = { ...connections, redis: { ...connections.redis!, port: 1, url: 'redis://127.0.0.1:1' } };
  await expect.poll(async () => (await values('redis', ['up'])).up, { timeout: 60_000 }).toBe(0);
  // So is the monitor itself when InfluxDB is away for a while.
  connections = { postgres: connections.postgres };
  connections = servers.connections;
  await expect.poll(async () => (await values('redis', ['up'])).up, { timeout: 60_000 }).toBe(1);
  abort.abort();
  await monitor;
});
