import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { FluxProgress } from '../../../preload/contract/index.ts';
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
const hour = 3_600_000;

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
