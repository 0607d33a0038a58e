import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recordingRuntime } from '../../test/support/fake-runtime.ts';
import { homePaths } from '../home/paths.ts';
import { isFreeName } from './beside.ts';
import type { StackContext } from './context.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'noodlebox-beside-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const paths = () => homePaths(home);
const free = (name: string) =>
  isFreeName({ core: { paths: paths() }, runtime: recordingRuntime().runtime } as unknown as StackContext, name);

it('a name is free when there is no stack of it, though a schedule has made its folder again', async () => {
  await mkdir(paths().stack('gone'), { recursive: true });
  await writeFile(paths().schedule('gone'), '{}');
  expect(await free('gone')).toBe(true);
  await writeFile(paths().record('gone'), '{}');
  expect(await free('gone')).toBe(false);
});

it.each([
  'snapshots',
  'backups',
  'pitr',
] as const)('a name is taken while there are %s of it, which would go with a branch', async (kept) => {
  const folder = paths()[kept]('left');
  await mkdir(dirname(folder), { recursive: true });
  expect(await free('left')).toBe(true);
  await mkdir(folder);
  expect(await free('left')).toBe(false);
});
