import { chmod, lutimes, mkdir, mkdtemp, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { limits } from '../../../limits.ts';
import type { Needless } from '../../copies.ts';
import { copyTree } from './copy-tree.ts';
import { entriesOf, sizeOf } from './entries.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox copy-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const work = () => ({ signal: new AbortController().signal, progress: () => {} });

async function tree(): Promise<string> {
  const from = join(folder, 'from');
  await mkdir(join(from, 'empty'), { recursive: true });
  await mkdir(join(from, 'base/ü "x"\n'), { recursive: true });
  await writeFile(join(from, 'base/ü "x"\n', '1'), 'one');
  await writeFile(join(from, 'run.sh'), '#!/bin/sh', { mode: 0o750 });
  await symlink('base/nowhere', join(from, 'link'));
  await lutimes(join(from, 'run.sh'), 1_000_000_000, 1_000_000_001.5);
  await chmod(join(from, 'empty'), 0o500);
  await chmod(from, 0o700);
  return from;
}

test('a copy has the same names, content, links, permissions and times', async () => {
  const from = await tree();
  const to = join(folder, 'to');
  await copyTree(from, to, work());
  expect(await entriesOf(to, work())).toEqual(await entriesOf(from, work()));
  expect((await stat(join(to, 'run.sh'))).mtimeMs).toBe(1_000_000_001_500);
  expect(await sizeOf(to)).toBe(12);
});

test('sockets, which only a running server has, are left out', async () => {
  const from = await tree();
  const server = createServer().listen(join(from, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  await copyTree(from, join(folder, 'to'), work());
  const paths = (await entriesOf(join(folder, 'to'), work())).map(({ path }) => path);
  expect(paths).toEqual(['.', 'base', 'base/ü "x"\n', 'base/ü "x"\n/1', 'empty', 'link', 'run.sh']);
  server.close();
});

test('a large file is copied whole or piece by piece where it cannot be cloned, with its progress, and a cancel ends it', async () => {
  const from = await tree();
  await writeFile(join(from, 'large'), 'begin');
  await chmod(join(from, 'large'), 0o640);
  const size = 3 * limits.copyPiece + 1;
  await truncate(join(from, 'large'), size);
  for (const pieceFrom of [size - 1, size]) {
    const to = join(folder, `to ${pieceFrom}`);
    const told: number[] = [];
    await copyTree(from, to, { signal: new AbortController().signal, progress: (bytes) => told.push(bytes) }, [], pieceFrom);
    expect(told.at(-1)).toBe(size + 12);
    expect(await entriesOf(to, work())).toEqual(await entriesOf(from, work()));
    const abort = new AbortController();
    const cancelled = copyTree(from, `${to} cancelled`, { signal: abort.signal, progress: () => abort.abort() }, [], pieceFrom);
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  }
});

test('what is needless is left out of a copy and of its size, and only right in its folder', async () => {
  const from = await tree();
  await mkdir(join(from, 'base', 'inner'));
  for (const [path, content] of [
    ['base/old', 'nothing'],
    ['base/new', 'something'],
    ['base/short', 'n'],
    ['base/inner/old', 'nothing'],
    ['old', 'nothing'],
  ] as const) {
    await writeFile(join(from, path), content);
  }
  await symlink('old', join(from, 'base', 'link'));
  const asked: unknown[] = [];
  const rule: Needless = {
    folder: 'base',
    head: 4,
    isNeedless(name, size, head) {
      asked.push([name, size, head.toString()]);
      return head.toString() === 'noth';
    },
  };
  const to = join(folder, 'to');
  await copyTree(from, to, work(), [rule]);
  const all = await entriesOf(from, work());
  expect(await entriesOf(to, work())).toEqual(all.filter(({ path }) => path !== 'base/old'));
  expect(asked).toEqual([
    ['new', 9, 'some'],
    ['old', 7, 'noth'],
    ['short', 1, 'n'],
  ]);
  expect((await sizeOf(from)) - (await sizeOf(from, [rule]))).toBe(7);
});
