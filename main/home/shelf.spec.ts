import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { limits } from '../limits.ts';
import { Shelf } from './shelf.ts';
import { SpoolFolder } from './spool-folder.ts';

let home: string;
let folder: SpoolFolder;
let shelf: Shelf;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'noodlebox-shelf-'));
  folder = new SpoolFolder(join(home, 'spool'));
  shelf = new Shelf(folder);
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(home, { recursive: true });
});

it('a file is found once it is whole, and not before', async () => {
  const file = await shelf.reserve('rows.csv', 'text/csv');
  await writeFile(file.path, 'a,b');
  expect(await shelf.find(file.id)).toBeUndefined();
  shelf.complete(file.id);
  expect(await shelf.find(file.id)).toMatchObject({ name: 'rows.csv', bytes: 3 });
  await shelf.discard(file.id);
  expect(await shelf.find(file.id)).toBeUndefined();
  expect(await readdir(await folder.path())).toEqual([]);
});

it('what breaks off while it is sent leaves nothing behind', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('the window is gone');
  }
  await expect(shelf.receive('x', broken())).rejects.toThrow('the window is gone');
  expect(await readdir(await folder.path())).toEqual([]);
});

it('files are let go after their time, with what they took of the disk', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const file = await shelf.receive('x', (async function* () {})());
  vi.setSystemTime(Date.now() + limits.shelfLife + 1);
  await expect(shelf.must(file.id)).rejects.toMatchObject({ code: 'not-found' });
  await shelf.reserve('y', 'text/plain');
  expect(await readdir(await folder.path())).toEqual([]);
});

it('spools are for their owner only, and those of killed processes go', async () => {
  await mkdir(join(home, 'spool', '999999999-dead'), { recursive: true });
  await mkdir(join(home, 'spool', `${process.ppid}-alive`), { recursive: true });
  const path = await folder.path();
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  expect((await readdir(join(home, 'spool'))).sort()).toEqual([path.split('/').at(-1), `${process.ppid}-alive`].sort());
  await folder.remove();
  expect(await readdir(join(home, 'spool'))).toEqual([`${process.ppid}-alive`]);
});
