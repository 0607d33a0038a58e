import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backupsContract } from '../../../preload/contract/backups.ts';
import { remove } from './dumps.ts';
import type { BackupHost } from './host.ts';

let home: string;
let host: BackupHost;
const run = { signal: new AbortController().signal, onEvent: () => {} };

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'noodlebox-backups-'));
  const folder = join(home, 'backups');
  await mkdir(folder);
  // Deleting asks nothing else of the stack.
  host = { stack: 'box', folder } as BackupHost;
});
afterEach(() => rm(home, { recursive: true, force: true }));

it('a file that is no backup is not deleted by its path, nor is what lies beside it', async () => {
  const key = join(home, 'key');
  await writeFile(key, 'secret');
  await writeFile(`${key}.json`, '{}');
  await expect(remove(host, key, run)).rejects.toMatchObject({ code: 'bad-argument' });
  await mkdir(join(home, 'folder.noodle'));
  await expect(remove(host, join(home, 'folder.noodle'), run)).rejects.toMatchObject({ code: 'bad-argument' });
  expect([key, `${key}.json`, join(home, 'folder.noodle')].map(existsSync)).toEqual([true, true, true]);
});

it('a damaged backup among those of the stack can be deleted', async () => {
  const file = join(host.folder, '20260314-092653-1a2b.noodle');
  await writeFile(file, 'cut off');
  await remove(host, '20260314-092653-1a2b', run);
  expect(existsSync(file)).toBe(false);
});

it('a window cannot name a file by its path', () => {
  const input = backupsContract.delete['~orpc'].inputSchema!;
  const valid = (id: string) => 'value' in (input['~standard'].validate({ stack: 'box', id }) as object);
  expect(['/home/me/key', '..\\key', 'x.noodle'].map(valid)).toEqual([false, false, false]);
  expect(valid('20260314-092653-1a2b')).toBe(true);
});
