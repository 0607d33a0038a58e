/** `noodlebox redis` as scripts call it. */
import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lacking, makeStack, quietRun, type StackBed } from '../../lab/stack-bed.ts';

const script = fileURLToPath(new URL('../../../bin/noodlebox.mjs', import.meta.url));
const lacks = await lacking('native', ['redis']);
let bed: StackBed;

beforeAll(async () => {
  if (lacks) return;
  bed = await makeStack('native');
  await bed.stack.up(['redis'], { seed: false, install: false }, quietRun());
});
afterAll(() => bed?.clear());

async function redis(
  args: readonly string[],
  input?: Buffer,
): Promise<{ code: number | null; out: Buffer; text: string; objects: unknown[]; error: string }> {
  const child = spawn(process.execPath, [script, '--stack', bed.name, '--runtime', 'native', 'redis', ...args], {
    env: bed.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const [out, error, code] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  const text = out.toString();
  const objects = args.includes('--json') && args[0] !== '--' ? text.trim().split('\n').map((line) => JSON.parse(line)) : []; // biome-ignore format: one line
  return { code, out, text, objects, error: error.toString() };
}

const test = (name: string, act: () => Promise<void>) => it(name, (context) => (lacks ? context.skip(lacks) : act()));

test('arguments go to the server as they are, and values come back byte for byte', async () => {
  const hostile = `a 'b' "c" \\x41 ünï ✓ 🍜\r\nFLUSHALL`;
  expect((await redis(['SET', hostile, '-1'])).text).toBe('OK\n');
  expect((await redis(['GET', hostile])).text).toBe('-1\n');
  expect((await redis(['SET', 'binary', '-x'], Buffer.from([0, 255, 10, 13]))).code).toBe(0);
  expect((await redis(['GET', 'binary'])).out).toEqual(Buffer.from([0, 255, 10, 13, 10]));
  expect((await redis(['--', 'SET', 'dashes', '--json'])).text).toBe('OK\n');
  expect((await redis(['GET', 'dashes', '--json'])).objects).toEqual([{ type: 'value', value: '--json' }, { type: 'result', ok: true, values: 1 }]); // biome-ignore format: an object each
  expect((await redis(['GET', 'binary', '--json'])).objects[0]).toEqual({ type: 'value', value: { base64: 'AP8KDQ==' } });
  expect((await redis(['MGET', 'dashes', 'nothing', '--json'])).objects).toHaveLength(3);
});

test('what deletes or blocks needs --yes, and what the server refuses fails', async () => {
  expect(await redis(['KEYS', '*', '--json'])).toMatchObject({
    code: 2,
    objects: [{ type: 'result', ok: false, problem: { code: 'confirmation-needed' } }],
  });
  expect((await redis(['KEYS', 'nothing*', '--yes'])).code).toBe(0);
  expect(await redis(['INCR', 'binary', '--json'])).toMatchObject({ code: 1, objects: [{ ok: false, problem: { code: 'query-failed' } }] });
  expect(await redis(['FLUSHALL', '--yes', '--json'])).toMatchObject({
    code: 1,
    objects: [{ problem: { code: 'not-supported-by-server' } }],
  });
  expect((await redis([])).code).toBe(2);
  expect((await redis(['GET', 'x', '--scan', 'y'])).code).toBe(2);
});

test('keys are listed one a line, as objects, or as they are', async () => {
  for (const key of ['list:1', 'list:two\nlines']) await redis(['SET', key, 'x']);
  const sorted = (await redis(['--scan', 'list:*'])).text.trim().split('\n').sort();
  expect(sorted).toEqual(['list:1', 'list:two\\nlines']);
  const { objects } = await redis(['--scan', 'list:*', '--json']);
  expect(objects).toHaveLength(3);
  expect(objects.at(-1)).toEqual({ type: 'result', ok: true, keys: 2 });
  expect((await redis(['--scan', 'list:*', '-0'])).text.split('\0').sort()).toEqual(['', 'list:1', 'list:two\nlines']);
  expect((await redis(['--scan', 'list:*', '--type', 'hash'])).text).toBe('');
});
