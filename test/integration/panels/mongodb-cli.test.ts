/** `noodlebox find` as scripts call it. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lacking, makeStack, quietRun, type StackBed } from '../../lab/stack-bed.ts';
import { never } from './mongodb-bed.ts';

const script = fileURLToPath(new URL('../../../bin/noodlebox.mjs', import.meta.url));
const lacks = await lacking('native', ['mongodb']);
const hostile = `a 'b' "c" 🍜\n$ne`;
let bed: StackBed;

beforeAll(async () => {
  if (lacks) return;
  bed = await makeStack('native');
  await bed.stack.up(['mongodb'], { seed: false, install: false }, quietRun());
  const session = await bed.stack.session('mongodb', 'mongodb');
  const documents = [`{ _id: ${JSON.stringify(hostile)}, n: NumberLong('1'), at: new Date(0) }`, "{ _id: 'b', n: 2, d: Double('5.0') }"];
  await session.writer.insert('noodle_db', 'cli', `[${documents.join(',')}]`, never);
  const many = Array.from({ length: 3_000 }, (_, n) => `{ _id: 'many ${n}', text: '${'x'.repeat(200)}' }`);
  await session.writer.insert('other', 'many', `[${many.join(',')}]`, never);
});
afterAll(() => bed?.clear());

async function find(args: readonly string[], stopAfter?: number) {
  const child = spawn(process.execPath, [script, '--stack', bed.name, '--runtime', 'native', 'find', ...args], {
    env: bed.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  if (stopAfter !== undefined) child.stdout.once('data', () => child.stdout.destroy());
  const [out, error, code] = await Promise.all([stopAfter === undefined ? text(child.stdout) : '', text(child.stderr), closed]);
  const objects = args.includes('--json') ? out.trim().split('\n').map((line) => JSON.parse(line)) : []; // biome-ignore format: one line
  return { code, out, objects, error };
}

const test = (name: string, act: () => Promise<void>) => it(name, (context) => (lacks ? context.skip(lacks) : act()));

test('documents come one a line, relaxed for reading and with every type for scripts', async () => {
  const relaxed = await find(['cli', '--sort', '{ n: 1 }']);
  expect(relaxed).toMatchObject({ code: 0, error: '' });
  expect(relaxed.out).toBe(`{"_id":${JSON.stringify(hostile)},"n":1,"at":{"$date":"1970-01-01T00:00:00Z"}}\n{"_id":"b","n":2,"d":5.0}\n`);
  const exact = await find(['cli', "{ _id: 'b' }", '--project', '{ d: 1, _id: 0 }', '--json']);
  expect(exact.objects).toMatchObject([
    { type: 'document', document: { d: { $numberDouble: '5.0' } } },
    { type: 'result', ok: true, documents: 1 },
  ]);
  expect((await find(['cli', `{ _id: ${JSON.stringify(hostile)} }`, '--count'])).out).toBe('1\n');
  expect((await find(['many', '--db', 'other', '--limit', '2', '--skip', '1'])).out.trim().split('\n')).toHaveLength(2);
});

test('wrong usage is told as such, and runs nothing', async () => {
  expect(await find(['cli', '{ a: process.exit(0) }', '--json'])).toMatchObject({
    code: 2,
    objects: [{ ok: false, problem: { code: 'bad-argument' } }],
  });
  expect(await find(['cli', '--limit', 'x'])).toMatchObject({ code: 2, error: expect.stringContaining('no number') });
  expect(await find(['cli', '{ n: { $nope: 1 } }', '--json'])).toMatchObject({ code: 1, objects: [{ problem: { code: 'query-failed' } }] });
  expect(await find(['cli', '--service', 'nobody'])).toMatchObject({ code: 2 });
});

test('a reader that has seen enough is no error', async () => {
  expect(await find(['many', '--db', 'other'], 1)).toMatchObject({ code: 0, error: expect.not.stringContaining('✖') });
});
