import { readdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { openSession } from '../../../main/services/influxdb/session.ts';
import { ChartQuery, type ChartQueryInput, type FluxProgress } from '../../../preload/contract/index.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';
import { hostile } from '../services/hostile.ts';
import { type Bed, collect, influxBed, key, measurement, never } from './influxdb-bed.ts';

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
const hour = 60 * minute;
const chart = (query: ChartQueryInput) => ChartQuery.parse(query);
/** Line protocol cannot hold these ends, newlines or an empty text. */
const names = hostile.map((text) => text.replace(/[\r\n]/g, ' ').trim());

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

describe('a query', () => {
  const run = async ({ session }: Bed, text: string, signal = never) => {
    const told = await collect(session.flux.begin(text, session.flux.variables({ last: hour }, 1_000), signal));
    return told.at(-1) as FluxProgress;
  };

  it('is paged through by result, with every value as the server gave it', async (test) => {
    const own = await bed(test);
    const text = `import "array"
array.from(rows: [{i: 2, f: 2.0, b: false, s: "", t: 2026-01-02T00:00:00Z}, {i: 9007199254740993, f: 0.1, b: true, s: "a\\nb,\\"c\\"", t: 2026-01-01T00:00:00.123456789Z}]) |> yield(name: "one")
array.from(rows: [{x: 1}]) |> map(fn: (r) => ({r with y: if r.x == 2 then 1 else debug.null(type: "int")})) |> yield(name: "two")`;
    const done = await run(own, text.replace('import "array"', 'import "array"\nimport "internal/debug"'));
    expect(done).toMatchObject({ state: 'done', rows: 3, cut: false });
    // The server gives what was yielded in any order.
    const order = done.results.map(({ name }) => name);
    expect(
      done.results
        .toSorted((a, b) => a.name.localeCompare(b.name))
        .map(({ name, rows, columns }) => [name, rows, columns.map((column) => `${column.name}:${column.type}`).join(' ')]),
    ).toEqual([
      ['one', 2, 'i:int f:float b:bool s:string t:time'],
      ['two', 1, 'x:int y:int'],
    ]);
    const page = await own.session.flux.run(done.run).page(order.indexOf('one'), 0, 10);
    expect(page).toEqual([
      { table: 0, cells: ['2', '2', 'false', '', '2026-01-02T00:00:00Z'] },
      { table: 0, cells: ['9007199254740993', '0.1', 'true', 'a\nb,"c"', '2026-01-01T00:00:00.123456789Z'] },
    ]);
    expect(await own.session.flux.run(done.run).page(order.indexOf('two'), 0, 10)).toEqual([{ table: 0, cells: ['1', null] }]);
    await own.session.flux.forget(done.run);
    expect(await readdir(own.folder)).toEqual([]);
  });

  it('gives the beginning of a long value, and the whole when it is asked for', async (test) => {
    const own = await bed(test);
    const name = await own.bucket();
    const long = 'x'.repeat(60_000);
    await own.write(name, [`m s="${long}" ${start}`]);
    const done = await run(own, `from(bucket: "${name}") |> range(start: 0)`);
    const column = done.results[0]!.columns.findIndex(({ name }) => name === '_value');
    const found = own.session.flux.run(done.run);
    const [row] = await found.page(0, 0, 1);
    expect(row).toMatchObject({ cut: [column] });
    expect(row!.cells[column]).toHaveLength(1_000);
    expect(await found.cell(0, 0, column)).toBe(long);
    await own.session.flux.forget(done.run);
  });

  it('points at its mistake, before it runs and while it does', async (test) => {
    const own = await bed(test);
    const text = 'from(bucket: "é✓") |>\n rnge(start: -1h)';
    await expect(run(own, text)).rejects.toMatchObject({
      code: 'query-failed',
      problem: { what: 'Undefined identifier rnge.', at: { offset: 23, length: 4 } },
    });
    const late = 'import "array"\narray.from(rows: [{a: 1}]) |> map(fn: (r) => ({v: if r.a == 1 then die(msg: "dead") else 2}))';
    await expect(run(own, late)).rejects.toMatchObject({ problem: { what: expect.stringContaining('dead'), at: { offset: 45 } } });
    expect(await own.session.flux.check('x = 1 +\ny = 2 2', never)).toMatchObject([{ offset: 10 }]);
    expect(await own.session.flux.check('from(bucket: "a") |> range(start: -1h)', never)).toEqual([]);
  });

  it('is told its range, window and bucket as v', async (test) => {
    const own = await bed(test);
    const text = 'import "array"\narray.from(rows: [{a: v.timeRangeStart, b: string(v: v.windowPeriod), c: v.defaultBucket}])';
    const [{ values, tableMeta }] = (await collect(
      own.session.flux.rows(text, own.session.flux.variables({ start, stop: start + hour }, 1_000), never),
    )) as [never];
    expect((tableMeta as { toObject(values: unknown): unknown }).toObject(values)).toMatchObject({
      a: '2026-01-01T00:00:00Z',
      b: '10s',
      c: 'noodle_metrics',
    });
  });

  it('ends at the server when its reader leaves', async (test) => {
    const own = await bed(test);
    const name = await own.bucket();
    await own.write(
      name,
      Array.from({ length: 5_000 }, (_, index) => `m v=${index} ${start + index}`),
    );
    const long = `t = (k) => from(bucket: "${name}") |> range(start: 0) |> map(fn: (r) => ({r with k: k}))
union(tables: [${Array.from({ length: 300 }, (_, index) => `t(k: "${index}")`).join(', ')}])`;
    const abort = new AbortController();
    const running = run(own, long, abort.signal);
    setTimeout(() => abort.abort(), 300);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    const executing = async () => {
      const metrics = await (await fetch(`${connectionOf(servers, 'influxdb', test).url}/metrics`)).text();
      return [...metrics.matchAll(/^qc_(executing|compiling|queueing)_active\{.*\} (\d+)$/gm)].reduce(
        (sum, [, , count]) => sum + Number(count),
        0,
      );
    };
    await expect.poll(executing, { timeout: 20_000 }).toBe(0);
  });

  it('is drawn as lines, and exported whole', async (test) => {
    const own = await bed(test);
    const name = await own.bucket();
    await own.write(
      name,
      [1, 2, 3].flatMap((value, index) => [
        `m,host=a v=${value} ${start + index * 1_000}`,
        `m,host=b v=${value * 2} ${start + index * 1_000}`,
      ]),
    );
    const done = await run(own, `from(bucket: "${name}") |> range(start: 0)`);
    const drawn = await own.session.flux.graph(done.run, 500);
    expect(drawn.times).toEqual([start, start + 1_000, start + 2_000]);
    expect(drawn.lines.map(({ labels, values }) => [labels.host, ...values])).toEqual([['a', 1, 2, 3], ['b', 2, 4, 6]]); // biome-ignore format: one a line
    const { exportResult } = await import('../../../main/services/influxdb/run/export.ts');
    const path = join(own.folder, 'out');
    await exportResult(own.session.flux.run(done.run), 0, 'json', path, () => {}, never);
    const lines = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatchObject({ host: 'a', _value: 1, _field: 'v' });
    await own.session.flux.forget(done.run);
  });
});

describe('line protocol', () => {
  it('that was typed is written whole, or refused with the place of its mistake', async (test) => {
    const { session, bucket } = await bed(test);
    const name = await bucket();
    const text = `# two points\nm v=1 ${start}\nm s="over\ntwo lines" ${start}\n`;
    expect(await session.write.text(name, text, 'ms', never)).toMatchObject({ written: 2, bad: 0 });
    const wrong = `m v=1 ${start}\nm v=oops ${start}`;
    await expect(session.write.text(name, wrong, 'ms', never)).rejects.toMatchObject({
      code: 'bad-argument',
      problem: { at: { offset: wrong.indexOf('oops'), length: 4 } },
    });
    await expect(session.write.text(name, `m v="text" ${start}`, 'ms', never)).rejects.toMatchObject({
      code: 'query-failed',
      message: expect.stringContaining('type conflict'),
    });
    await expect(session.write.text('" or true', 'm v=1', 'ms', never)).rejects.toMatchObject({ code: 'query-failed' });
  });

  it.for(['plain', 'gzipped'])('from a %s file is written in batches, without its wrong lines, which are told', async (form, test) => {
    const { session, bucket, folder } = await bed(test);
    const name = await bucket();
    const lines = Array.from({ length: 12_000 }, (_, index) => `m,host=h${index % 10} v=${index} ${start + index}`);
    lines[5] = 'no point at all';
    lines[7_000] = `m,host=h v="a string" ${start}`;
    lines[11_999] = 'm,host= v=1';
    const text = lines.join('\n');
    const path = join(folder, `lines-${form}`);
    const content = form === 'plain' ? Buffer.from(text) : gzipSync(text);
    await writeFile(path, content);
    const { id, report } = session.write.begin();
    const seen: number[] = [];
    await session.write.file(name, { path, bytes: content.length }, 'ms', report, (read) => seen.push(read), never);
    expect(session.write.report(id)).toMatchObject({ written: 11_997, bad: 3, done: true });
    expect(report.problems.map(({ line }) => line).sort((a, b) => a - b)).toEqual([6, 7_001, 12_000]);
    expect(report.problems.find(({ line }) => line === 7_001)?.reason).toContain('type conflict');
    expect(seen.at(-1)).toBe(content.length);
    const { points } = await session.charts.lines(
      chart({ choice: { bucket: name, measurement: 'm' }, range: { start, stop: start + hour } }),
      never,
    );
    expect(points).toBe(11_997);
  });

  it('that a bucket does not keep is counted, and not looked for line by line', async (test) => {
    const { session, folder } = await bed(test);
    const { id, name } = await session.buckets.create({ name: `short-${crypto.randomUUID()}`, retention: 86_400, description: '' }, never);
    const path = join(folder, 'old');
    const now = Date.now();
    // Every other line is too old: 5,000 of 10,000.
    const lines = Array.from({ length: 10_000 }, (_, index) => `m v=${index} ${now - index - (index % 2) * 7 * 86_400_000}`);
    await writeFile(path, lines.join('\n'));
    const { report } = session.write.begin();
    await session.write.file(name, { path, bytes: lines.join('\n').length }, 'ms', report, () => {}, never);
    expect(report).toMatchObject({ written: 5_000, bad: 5_000, done: true });
    expect(report.problems.map(({ line, reason }) => [line, reason.slice(0, reason.indexOf(':'))])).toEqual([
      [1, '2500 of the lines 1 to 5000'],
      [5_001, '2500 of the lines 5001 to 10000'],
    ]);
    await session.buckets.remove(id, never);
  });

  it('that is no line protocol is told, and not kept in memory', async (test) => {
    const { session, bucket, folder } = await bed(test);
    const name = await bucket();
    const path = join(folder, 'junk');
    await writeFile(path, Buffer.alloc(20 * 2 ** 20, 0xfe));
    const { report } = session.write.begin();
    await session.write.file(name, { path, bytes: 20 * 2 ** 20 }, 'ns', report, () => {}, never);
    expect(report.written).toBe(0);
    expect(report.bad).toBeGreaterThan(0);
    expect(report.problems[0]!.text.length).toBeLessThan(300);
  });
});

describe('buckets', () => {
  it('are made, kept for another time, and deleted', async (test) => {
    const { session, write } = await bed(test);
    const name = `été ✓ ${crypto.randomUUID()}`;
    const made = await session.buckets.create({ name, retention: 7 * 86_400, description: 'of a test' }, never);
    expect(made).toMatchObject({ name, retention: 7 * 86_400, system: false });
    await expect(session.buckets.create({ name, retention: 0, description: '' }, never)).rejects.toMatchObject({ code: 'conflict' });
    await expect(session.buckets.create({ name: '_mine', retention: 0, description: '' }, never)).rejects.toMatchObject({
      code: 'bad-argument',
    });
    const now = Date.now();
    await write(name, [`m v=1 ${now - 3 * 86_400_000}`, `m v=1 ${now - hour}`]);
    expect(await session.buckets.older(name, 86_400, never)).toBe(1);
    expect(await session.buckets.losses(name, never)).toEqual([`The bucket ${name}`, '2 points', '1 measurements: m']);
    expect(await session.buckets.keep(made.id, 86_400, never)).toMatchObject({ retention: 86_400 });
    await session.buckets.remove(made.id, never);
    expect((await session.buckets.list(never)).map((each) => each.name)).not.toContain(name);
    await expect(session.buckets.remove(made.id, never)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('that are the server’s own stay', async (test) => {
    const { session } = await bed(test);
    const own = (await session.buckets.list(never)).find(({ system }) => system)!;
    await expect(session.buckets.remove(own.id, never)).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('tell how many series they hold, and what makes them many', async (test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    await write(
      name,
      Array.from({ length: 40 }, (_, index) => `many,id=${index},half=${index % 2} v=1 ${start}`),
    );
    await write(name, [`few v=1 ${start}`]);
    expect(await session.catalog.cardinality(name, never)).toEqual({
      series: 41,
      measurements: [{ name: 'many', series: 40 }, { name: 'few', series: 1 }],
      cut: false,
    }); // biome-ignore format: a list
    expect(await session.catalog.tagCardinality(name, 'many', never)).toEqual([{ key: 'id', values: 40 }, { key: 'half', values: 2 }]); // biome-ignore format: one line
  });
});

describe('a server that goes away', () => {
  it('is told as such at once, and answers the same session when it is back', async (test) => {
    const connection = connectionOf(servers, 'influxdb', test);
    let way: { readonly server: Server; readonly sockets: Set<Socket> } = await openWay(connection.port, 0);
    const { port } = way.server.address() as { readonly port: number };
    const session = await openSession(
      { ...connection, port, url: `http://127.0.0.1:${port}` },
      { spool: async () => (await bed(test)).folder },
    );
    expect(await session.buckets.list(never)).not.toEqual([]);
    await closeWay(way);
    await expect(session.buckets.list(never)).rejects.toMatchObject({ code: 'service-unreachable' });
    await expect(collect(session.flux.rows('buckets()', session.flux.variables({ last: hour }, 100), never))).rejects.toMatchObject({
      code: 'service-unreachable',
    });
    way = await openWay(connection.port, port);
    expect(await session.buckets.list(never)).not.toEqual([]);
    await session.close();
    await closeWay(way);
  });
});

/** A way to the server that can be closed while the server goes on. */
async function openWay(to: number, port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const out = connect(to, '127.0.0.1');
    for (const each of [socket, out]) {
      sockets.add(each);
      each.on('error', () => {});
      each.on('close', () => sockets.delete(each));
    }
    socket.pipe(out).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, sockets };
}

async function closeWay({ server, sockets }: { readonly server: Server; readonly sockets: Set<Socket> }) {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
}
