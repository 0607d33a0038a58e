/** `noodlebox flux` as scripts call it, on a real InfluxDB. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lacking, makeStack, quietRun, type StackBed } from '../../lab/stack-bed.ts';

const script = fileURLToPath(new URL('../../../bin/noodlebox.mjs', import.meta.url));
const lacks = await lacking('native', ['influxdb']);
let bed: StackBed;

beforeAll(async () => {
  if (lacks) return;
  bed = await makeStack('native');
  await bed.stack.up(['influxdb'], { seed: false, install: false }, quietRun());
  const session = await bed.stack.session('influxdb', 'influxdb');
  const now = Date.now() - 60_000;
  const lines = Array.from({ length: 3 }, (_, index) => `m,host=h${index} v=${index}.5,n=${index}i,s="a\tb" ${now + index}`);
  await session.write.text('noodle_metrics', lines.join('\n'), 'ms', new AbortController().signal);
});
afterAll(() => bed?.clear());

async function flux(args: readonly string[], input = '') {
  const child = spawn(process.execPath, [script, 'flux', ...args, '--stack', bed.name, '--runtime', 'native'], {
    env: bed.env,
    stdio: 'pipe',
  });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number, err, lines: out.split('\n').filter((line) => line !== '') };
}

const step = (name: string, act: () => Promise<void>) => it(name, (context) => (lacks ? context.skip(lacks) : act()));
const query =
  'from(bucket: v.defaultBucket) |> range(start: v.timeRangeStart, stop: v.timeRangeStop) |> filter(fn: (r) => r._field == "v")';

step('prints each row as an object on its own line, then the result', async () => {
  const { code, lines } = await flux([query, '--json']);
  const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(code).toBe(0);
  expect(objects.slice(0, 3)).toEqual(
    [0, 1, 2].map((index) => expect.objectContaining({ type: 'row', host: `h${index}`, _value: index + 0.5, _field: 'v' })),
  );
  expect(objects[3]).toMatchObject({ type: 'result', ok: true, rows: 3 });
});

step('prints tables for people, a row a line whatever is in it', async () => {
  const { code, lines } = await flux([`${query.replace('"v"', '"s"')} |> keep(columns: ["host", "_value"])`]);
  expect({ code, lines: lines.toSorted() }).toEqual({ code: 0, lines: ['_value\thost', 'a\\tb\th0', 'a\\tb\th1', 'a\\tb\th2'] });
});

step('reads the query from the standard input, or from a file', async () => {
  const path = join(bed.home, 'query.flux');
  await writeFile(path, `${query} |> count()`);
  for (const { lines, code } of [await flux(['-', '--json'], `${query} |> count()`), await flux(['--script', path, '--json'])]) {
    expect(code).toBe(0);
    expect(lines).toHaveLength(4);
  }
});

step('says where a query is wrong, and ends with 1; wrong usage ends with 2', async () => {
  const wrong = await flux(['buckets()\n  |> nothing()']);
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain('Undefined identifier nothing.');
  expect(wrong.err).toContain('Line 2, column 6');
  const json = await flux(['nothing()', '--json']);
  expect(JSON.parse(json.lines.at(-1)!)).toMatchObject({ type: 'result', ok: false, problem: { code: 'query-failed' } });
  expect((await flux(['buckets()', '--script', 'x.flux'])).code).toBe(2);
  expect((await flux(['buckets()', '--service', 'redis'])).code).toBe(2);
  expect((await flux(['buckets()', '--since', 'soon'])).code).toBe(2);
});
