import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';

/** What panels and the CLI ask a service through, over the life of its server. */
let bed: StackBed;
let lacks: string | undefined;
beforeAll(async () => {
  lacks = await lacking('native', ['redis']);
  if (lacks) return;
  bed = await makeStack('native');
  await bed.stack.up(['redis'], { seed: false, install: false }, quietRun());
});
afterAll(() => bed?.clear());
const given = (test: TestContext): StackBed => (lacks ? test.skip(lacks) : bed);

it('one session serves all who ask at once', async (test) => {
  const { stack } = given(test);
  const [one, other] = await Promise.all([stack.session('redis', 'redis'), stack.session('redis', 'redis')]);
  expect(one).toBe(other);
  expect(stack.serviceOfKind('redis')).toBe('redis');
});

it('a service of another kind, or of no name, is refused by name', async (test) => {
  const { stack } = given(test);
  await expect(stack.session('postgres', 'redis')).rejects.toMatchObject({ code: 'bad-argument' });
  await expect(stack.session('redis', 'nobody')).rejects.toMatchObject({ code: 'unknown-service' });
  expect(() => stack.serviceOfKind('redis', 'postgres')).toThrow(/no Redis/);
});

it('a server that stops is told as such, and the same session answers once it is back', async (test) => {
  const { stack } = given(test);
  const session = await stack.session('redis', 'redis');
  await stack.stop(['redis'], quietRun());
  await expect(session.names('a', AbortSignal.timeout(20_000))).rejects.toThrow();
  await expect
    .poll(() => stack.session('redis', 'redis').catch((error: { code?: string }) => error.code), { timeout: 30_000 })
    .toBe('service-unreachable');
  const [trace] = (await stack.trace('anything', AbortSignal.timeout(20_000))).filter(({ kind }) => kind === 'redis');
  expect(trace?.problem).toMatchObject({ code: 'service-unreachable' });
  await stack.up(['redis'], { seed: false, install: false }, quietRun());
  expect(await session.names('nothing-has-this-name', AbortSignal.timeout(20_000))).toEqual([]);
});

it('a core that closes leaves no spool behind', async (test) => {
  const { home } = given(test);
  const stack = await bed.reopen();
  await stack.session('redis', 'redis');
  await stack.close();
  expect(await readdir(join(home, 'spool')).catch(() => [])).toEqual([]);
});
