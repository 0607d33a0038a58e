import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInflux } from '../../../main/services/influxdb/client.ts';
import { metricFamilies, metricPoint, metricsRepository } from '../../../main/services/influxdb/metrics.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';
import { hostile } from './hostile.ts';
import { verifiesAsEveryKindDoes } from './verifying.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await withServers(['influxdb']);
});
afterAll(() => servers?.close());

describe('InfluxDB', () => {
  verifiesAsEveryKindDoes('influxdb', () => servers);

  it('keeps hostile tags as they are, and a filter finds its own only', async (test) => {
    const client = await openInflux(connectionOf(servers, 'influxdb', test));
    const metrics = metricsRepository(client);
    const time = new Date(Date.now() - 60_000);
    // Line protocol has no way to write these two ends, and the repository refuses them: see its spec.
    const ids = hostile.map((text) => text.replace(/[\r\n]/g, ' ').trim());
    for (const family of Object.keys(metricFamilies) as (keyof typeof metricFamilies)[]) {
      await metrics.write(family, ids.map((id) => ({ id, name: id, value: 1, time }))); // biome-ignore format: one act
      for (const id of ids) {
        await expect.poll(() => collect(metrics.range(family, { id }))).toEqual([{ id, name: id, value: 1, time }]);
        expect(await collect(metrics.range(family, { name: id }))).toHaveLength(1);
      }
    }
  });

  it('writes many points in batches, and a trickle after a while', async (test) => {
    const client = await openInflux(connectionOf(servers, 'influxdb', test));
    const metrics = metricsRepository(client);
    const start = Date.now() - 1_800_000;
    const many = Array.from({ length: 2_500 }, (_, index) => ({ id: 'many', name: 'n', value: index, time: new Date(start + index) }));
    await metrics.write('network', many);
    await expect.poll(async () => (await collect(metrics.range('network', { id: 'many' }))).length).toBe(2_500);

    const writer = client.writer((error) => expect.unreachable(String(error)));
    await writer.add(metricPoint('network', { id: 'one', name: 'n', value: 1, time: new Date(start) }));
    await expect.poll(() => collect(metrics.range('network', { id: 'one' })), { timeout: 30_000 }).toHaveLength(1);
  });

  it('reads more than a day only when asked to', async (test) => {
    const client = await openInflux(connectionOf(servers, 'influxdb', test));
    const metrics = metricsRepository(client);
    await expect(collect(metrics.range('ai', {}, { start: new Date(0) }))).rejects.toMatchObject({ code: 'bad-argument' });
    expect(await collect(metrics.range('ai', { id: 'nobody' }, { start: new Date(0), wide: true }))).toEqual([]);
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
