/** What is needed for a while stands in the data home, where nobody else may look; of a killed command nothing stays, and nothing is anywhere else. */
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';
import { killedAt, noodlebox } from '../support/cli.ts';

const lacks = await lacking('native', ['redis']);
let bed: StackBed;
let folder: string;
/** What the commands take for the system's temporary folder. */
let temporary: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-scratch-'));
  temporary = join(folder, 'tmp');
  await mkdir(temporary);
  if (lacks) return;
  bed = await makeStack('native');
  await bed.stack.up(['redis'], { seed: false, install: false }, quietRun());
  env = { ...bed.env, TMPDIR: temporary };
  const { host, port, parts } = await bed.stack.connection('redis');
  const client = new Redis({ host, port, password: parts.password });
  await client.set('session:1', 'a secret');
  client.disconnect();
});
afterAll(async () => {
  await bed?.clear();
  await rm(folder, { recursive: true, force: true });
});

const own = () => ['--stack', bed.name, '--runtime', 'native', '--json'];
const filesIn = (path: string) => readdir(path).catch(() => []);

it('a trial restore that is killed leaves nothing in the temporary folder, and the next command takes away what it made', async (test) => {
  if (lacks) return test.skip(lacks);
  expect(await noodlebox(['backup', 'create', '--name', 'tried', ...own()], env)).toMatchObject({ code: 0 });
  const scratch = join(bed.home, 'stacks', bed.name, 'scratch');
  await killedAt(['backup', 'verify', 'tried', '--restore', ...own()], env, /"id":"start redis","state":"done"/);
  expect(await filesIn(temporary)).toEqual([]);
  const [made] = await filesIn(scratch);
  expect((await stat(join(scratch, made!, 'files'))).mode & 0o777).toBe(0o700);
  expect(await noodlebox(['backup', 'list', ...own()], env)).toMatchObject({ code: 0 });
  expect(await filesIn(scratch)).toEqual([]);
  expect(await noodlebox(['backup', 'verify', 'tried', '--restore', ...own()], env)).toMatchObject({ code: 0 });
  expect([await filesIn(temporary), await filesIn(scratch)]).toEqual([[], []]);
});

it('a bundle that is pulled to be imported at once lies in the home, and goes with the next command when that is killed', async (test) => {
  if (lacks) return test.skip(lacks);
  const { host, port, parts } = await bed.stack.connection('redis');
  const from = join(folder, 'servers.env');
  await writeFile(from, `REDIS_URL=redis://:${encodeURIComponent(parts.password!)}@${host}:${port}\n`, { mode: 0o600 });
  const name = `${bed.name}-pulled`;
  const pull = ['pull', '1', '--from', from, '--import', '--stack', name, '--runtime', 'native', '--json'];
  const spool = join(bed.home, 'spool');
  await killedAt(pull, env, /"id":"copy bundle","state":"done"/);
  expect(await filesIn(temporary)).toEqual([]);
  const [left] = await filesIn(spool);
  expect((await stat(join(spool, left!))).mode & 0o777).toBe(0o700);
  expect((await filesIn(join(spool, left!))).length).toBeGreaterThan(0);
  expect(await noodlebox(['stacks', '--json'], env)).toMatchObject({ code: 0 });
  expect(await filesIn(spool)).toEqual([]);
  expect(await filesIn(join(bed.home, 'stacks'))).toEqual([bed.name]);
});
