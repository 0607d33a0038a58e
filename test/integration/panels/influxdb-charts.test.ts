import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { ChartQuery, type ChartQueryInput } from '../../../preload/contract/index.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';
import { type Bed, collect, influxBed, never } from './influxdb-bed.ts';

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

describe('charts', () => {
  // Few points are read whole; of many, the server is asked for windows.
  it.for([1, 150])('are the means, least and most of windows, over all series of a line (%i times the points)', async (times, test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    const lines = [];
    for (let at = 0; at < 60; at++) {
      for (let more = 0; more < times; more++) {
        const time = start + at * minute + more * 2;
        lines.push(`load,host=a,zone=x v=${at} ${time}`);
        // The second series has twice as many points, so that a mean of means would be wrong.
        lines.push(`load,host=b,zone=x v=${at + 100} ${time}`, `load,host=b,zone=x v=${at + 200} ${time + 1}`);
      }
    }
    await write(name, lines);
    const query = {
      choice: { bucket: name, measurement: 'load', fields: ['v'] },
      range: { start, stop: start + hour },
      every: 10 * minute,
    };
    const merged = await session.charts.lines(chart({ ...query, group: ['zone'], band: true }), never);
    expect(merged).toMatchObject({ points: 180 * times, every: 10 * minute, everyBecause: 'asked', cut: false });
    expect(merged.times).toEqual(Array.from({ length: 6 }, (_, index) => start + index * 10 * minute));
    expect(merged.lines).toEqual([
      {
        labels: { _field: 'v', zone: 'x' },
        values: [0, 10, 20, 30, 40, 50].map((from) => from + 4.5 + 100),
        low: [0, 10, 20, 30, 40, 50],
        high: [0, 10, 20, 30, 40, 50].map((from) => from + 209),
      },
    ]);
    const apart = await session.charts.lines(chart({ ...query, group: ['host'] }), never);
    expect(apart.lines.map(({ labels, values }) => [labels.host, values[0]])).toEqual([
      ['a', 4.5],
      ['b', 154.5],
    ]);
    const only = await session.charts.lines(
      chart({ ...query, choice: { ...query.choice, filters: [{ key: 'host', values: ['a'] }] }, aggregate: 'max' }),
      never,
    );
    expect(only.lines[0]!.values).toEqual([9, 19, 29, 39, 49, 59]);
  });

  it.for([
    ['sum', [3, 7]],
    ['count', [2, 2]],
    ['first', [1, 3]],
    ['last', [2, 4]],
    ['median', [1.5, 3.5]],
    ['p95', [2, 4]],
    ['rate', [null, 2 / 60]],
  ] as const)('aggregate by %s', async ([aggregate, expected], test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    await write(
      name,
      [1, 2, 3, 4].map((value, index) => `m v=${value} ${start + index * 30_000}`),
    );
    const query = { choice: { bucket: name, measurement: 'm' }, range: { start, stop: start + 2 * minute }, every: minute, aggregate };
    const { times, lines } = await session.charts.lines(chart(query), never);
    const values = [start, start + minute].map((time) => lines[0]?.values[times.indexOf(time)] ?? null);
    values.forEach((value, index) => {
      if (expected[index] === null) expect(value).toBeNull();
      else expect(value).toBeCloseTo(expected[index]!, 6);
    });
  });

  it('have a window that fits the pixels, no shorter than the data come', async (test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    await write(
      name,
      Array.from({ length: 12 }, (_, index) => `slow v=1 ${start + index * 5 * minute}`),
    );
    await write(
      name,
      Array.from({ length: 3_600 }, (_, index) => `fast v=1 ${start + index * 1_000}`),
    );
    const of = (name: string, bucket: string) =>
      chart({ choice: { bucket, measurement: name }, range: { start, stop: start + hour }, pixels: 720 });
    expect(await session.charts.lines(of('slow', name), never)).toMatchObject({ every: 5 * minute, everyBecause: 'data' });
    expect(await session.charts.lines(of('fast', name), never)).toMatchObject({ every: 10_000, everyBecause: 'pixels' });
  });

  it('draw so many lines and say that there are more', async (test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    await write(
      name,
      Array.from({ length: 100 }, (_, index) => `m,id=${index} v=${index} ${start}`),
    );
    const query = chart({ choice: { bucket: name, measurement: 'm' }, group: ['id'], range: { start, stop: start + hour } });
    const { lines, cut, points } = await session.charts.lines(query, never);
    expect({ lines: lines.length, cut, points }).toEqual({ lines: 60, cut: true, points: 100 });
  });

  it('say what to do with values that are no numbers', async (test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    await write(name, [`m s="text",b=true ${start}`]);
    const query = { choice: { bucket: name, measurement: 'm', fields: ['s'] }, range: { start, stop: start + hour } };
    await expect(session.charts.lines(chart(query), never)).rejects.toMatchObject({
      code: 'query-failed',
      problem: { todo: expect.stringContaining('count') },
    });
    expect((await session.charts.lines(chart({ ...query, aggregate: 'count' }), never)).lines[0]!.values).toEqual([1]);
    expect(await session.catalog.fieldType(name, 'm', 's', never)).toBe('string');
    expect(await session.catalog.fieldType(name, 'm', 'b', never)).toBe('bool');
  });

  it('are written as Flux that gives the same values', async (test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    await write(
      name,
      [1, 2, 3, 4].map((value, index) => `m,t=a v=${value} ${start + index * 30_000}`),
    );
    const range = { start, stop: start + 2 * minute };
    const text = session.charts.flux(chart({ choice: { bucket: name, measurement: 'm', fields: ['v'] }, group: ['t'], range }));
    const bound = { ...session.flux.variables(range, 1_000), every: minute };
    const rows = await collect(session.flux.rows(text, bound, never));
    expect(rows.map(({ values, tableMeta }) => tableMeta.get(values, '_value'))).toEqual([1.5, 3.5]);
  });

  it('count every point into the boxes of a heat map', async (test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    await write(
      name,
      Array.from({ length: 500 }, (_, index) => `m v=${index % 50} ${start + index * 1_000}`),
    );
    const query = chart({ choice: { bucket: name, measurement: 'm' }, range: { start, stop: start + 10 * minute } });
    const { counts, bounds, of, points } = await session.charts.distribution(query, 10, never);
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(500);
    expect({ of, points, first: bounds[0], rows: counts[0]!.length }).toEqual({ of: { kind: 'points' }, points: 500, first: 0, rows: 10 });
  });

  it('know when the newest point was', async (test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    await write(name, [`m,t=a v=1 ${start}`, `m,t=b v=1 ${start + hour}`]);
    const newest = (filters: ChartQuery['choice']['filters']) =>
      session.charts.newest({ bucket: name, measurement: 'm', fields: [], filters }, never);
    expect(await newest([])).toBe(start + hour);
    expect(await newest([{ key: 't', values: ['a'] }])).toBe(start);
    expect(await newest([{ key: 't', values: ['nobody'] }])).toBeNull();
  });
});
