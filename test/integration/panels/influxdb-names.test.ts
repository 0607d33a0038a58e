import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { ChartQuery, type ChartQueryInput } from '../../../preload/contract/index.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';
import { hostile } from '../services/hostile.ts';
import { type Bed, influxBed, key, measurement, never } from './influxdb-bed.ts';

let servers: Servers;
let shared: Bed | undefined;
beforeAll(async () => {
  servers = await withServers(['influxdb']);
});
afterAll(async () => {
  await shared?.close();
  await servers?.close();
});

async function bed(test: TestContext): Promise<Bed> {
  shared ??= await influxBed(connectionOf(servers, 'influxdb', test));
  return shared;
}

const start = Date.parse('2026-01-01T00:00:00Z');
const minute = 60_000;
const hour = 3_600_000;
const chart = (query: ChartQueryInput) => ChartQuery.parse(query);
/** Line protocol cannot hold these ends, newlines or an empty text. */
const names = hostile.map((text) => text.replace(/[\r\n]/g, ' ').trim());

describe('names that try to break out', () => {
  it('stay names, wherever they stand', async (test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    await write(
      name,
      names.map((text) => `${measurement(text)},${key(text)}=${key(text)},other=x ${key(text)}=1 ${start}`),
    );
    await write(name, [`bystander,t=a v=1 ${start}`]);
    expect((await session.catalog.measurements(name, '', never)).names.sort()).toEqual([...names, 'bystander'].sort());
    for (const text of names) {
      const choice = { bucket: name, measurement: text, fields: [text], filters: [{ key: text, values: [text] }] };
      const drawn = await session.charts.lines(chart({ choice, group: [text], range: { start, stop: start + 1 } }), never);
      expect(drawn.lines, text).toEqual([{ labels: { _field: text, [text]: text }, values: [1] }]);
      expect((await session.catalog.fields(name, text, '', never)).names).toEqual([text]);
      expect((await session.catalog.tags(name, text, never)).names.sort()).toEqual([text, 'other'].sort());
      const values = await session.catalog.values(
        { bucket: name, measurement: text, key: text, filters: [{ key: 'other', values: ['x'] }] },
        text,
        never,
      );
      expect(values).toEqual({ names: [text], cut: false });
      expect((await session.catalog.measurements(name, text, never)).names).toContain(text);
      expect(await session.catalog.tagCardinality(name, text, never)).toContainEqual({ key: text, values: 1 });
    }
  });

  it('find no other bucket', async (test) => {
    const { session } = await bed(test);
    for (const text of hostile) {
      const choice = { bucket: text, measurement: 'm' };
      await expect(session.charts.lines(chart({ choice, range: { last: hour } }), never)).rejects.toMatchObject({ code: 'query-failed' });
      await expect(session.catalog.measurements(text, '', never)).rejects.toMatchObject({ code: 'query-failed' });
    }
  });

  it('delete their own points only', async (test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    await write(
      name,
      names.flatMap((text) => [`m,${key(text)}=${key(text)} v=1 ${start}`, `${measurement(text)},t=a v=1 ${start}`]),
    );
    const range = { start, stop: start + 1 };
    const left = async () => (await session.catalog.measurements(name, '', never)).names.length;
    let measurements = await left();
    for (const text of names) {
      const byTag = { bucket: name, measurement: 'm', fields: [], filters: [{ key: text, values: [text] }] };
      expect(await session.points.planDelete(byTag, range, never)).toMatchObject({ points: 1, series: 1 });
      await session.points.delete(byTag, range, () => {}, never);
      expect(await session.points.planDelete(byTag, range, never), text).toMatchObject({ points: 0 });
      const byMeasurement = { bucket: name, measurement: text, fields: [], filters: [] };
      expect(await session.points.planDelete(byMeasurement, range, never)).toMatchObject({ points: 1 });
      await session.points.delete(byMeasurement, range, () => {}, never);
      // The last of m's points has gone with the last tag.
      measurements -= text === names.at(-1) ? 2 : 1;
      expect(await left(), text).toBe(measurements);
    }
  });

  it('are found again by a trace, as series', async (test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    const id = `" or true or "x ${crypto.randomUUID()}`;
    await write(name, [
      `jobs,job_id=${key(id)},metric=a value=1 ${start}`,
      `jobs,job_id=${key(id)},metric=a value=3 ${start + hour}`,
      `jobs,job_id=other value=2 ${start}`,
    ]);
    const { findings, cut } = await session.trace(id, never);
    expect(cut).toBe(false);
    expect(findings).toEqual([
      {
        what: 'series',
        place: 'jobs',
        name: 'metric=a',
        relation: 'as job_id',
        time: start + hour,
        content: expect.stringContaining('"points":2'),
        search: {
          bucket: name,
          measurement: 'jobs',
          fields: ['value'],
          filters: [
            { key: 'job_id', values: [id] },
            { key: 'metric', values: ['a'] },
          ],
          start: start - minute,
          stop: start + hour + minute,
        },
      },
    ]);
    expect(await session.names('JOB', never)).toContainEqual({
      what: 'measurement',
      name: `${name}/jobs`,
      search: { bucket: name, measurement: 'jobs' },
    });
  });
});
