import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Snapshot } from '../../../preload/contract/snapshots.ts';
import { newId } from '../choose.ts';
import { unfinishedSnapshots } from './leftovers.ts';
import { beginSnapshot, findSnapshot, finishSnapshot, listSnapshots, sealed } from './store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-snapshots-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function snapshot(id: string, name: string | null = null): Snapshot {
  return sealed({
    format: 1,
    id,
    name,
    note: null,
    cause: 'asked',
    of: null,
    stack: 's',
    runtime: 'native',
    createdAt: 1,
    countedAt: null,
    pause: null,
    copying: 0,
    definition: '',
    services: [],
    volumes: [],
    files: '',
  });
}

async function kept(id: string, name: string | null = null): Promise<void> {
  await beginSnapshot(folder, id);
  await finishSnapshot(folder, snapshot(id, name), '');
}

const manifest = (id: string) => join(folder, id, 'manifest.json');

async function changed(id: string, change: (text: string) => string): Promise<void> {
  await writeFile(manifest(id), change(await readFile(manifest(id), 'utf8')));
}

test('an id tells the time', () => {
  expect(newId(Date.UTC(2026, 2, 14, 9, 26, 53))).toMatch(/^20260314-092653-[0-9a-f]{4}$/);
});

test('what was begun and not made whole is no snapshot, and is there to be cleared away', async () => {
  await kept('20260101-000000-aaaa');
  await beginSnapshot(folder, '20260102-000000-bbbb');
  expect((await listSnapshots(folder)).map(({ id }) => id)).toEqual(['20260101-000000-aaaa']);
  expect(await unfinishedSnapshots(folder)).toEqual(['20260102-000000-bbbb']);
});

test('one whose manifest somebody deleted is told of, and never cleared away', async () => {
  await kept('20260101-000000-aaaa');
  await rm(manifest('20260101-000000-aaaa'));
  expect(await listSnapshots(folder)).toEqual([{ state: 'unreadable', id: '20260101-000000-aaaa', why: 'manifest.json is missing.' }]);
  expect(await unfinishedSnapshots(folder)).toEqual([]);
});

test.each([
  ['cut off', (text: string) => text.slice(0, 40), /JSON/],
  ['flipped', (text: string) => text.replace('"createdAt": 1', '"createdAt": 3'), /changed after it was written/],
  ['robbed of a part', (text: string) => text.replace(/"stack".*\n/, ''), /stack/],
  ['of a newer format', (text: string) => text.replace('"format": 1', '"format": 2'), /made by a newer Noodlebox/],
  ['of another one', (text: string) => text.replaceAll('aaaa', 'ffff'), /is that of/],
])('a manifest that is %s is refused with the reason', async (_, change, why) => {
  const id = '20260101-000000-aaaa';
  await kept(id);
  await changed(id, change);
  expect(await listSnapshots(folder)).toEqual([{ state: 'unreadable', id, why: expect.stringMatching(why) }]);
  await expect(findSnapshot(folder, id)).rejects.toMatchObject({ code: 'snapshot-damaged' });
});

test('one is found by its id, the beginning of it, or its name, and only where that is one', async () => {
  await kept('20260101-000000-aaaa', 'mine');
  await kept('20260101-000001-bbbb');
  const found = async (asked: string) => (await findSnapshot(folder, asked)).id;
  expect(await found('20260101-000001-bbbb')).toBe('20260101-000001-bbbb');
  expect(await found('20260101-000001')).toBe('20260101-000001-bbbb');
  expect(await found('mine')).toBe('20260101-000000-aaaa');
  await expect(found('20260101')).rejects.toMatchObject({ code: 'bad-argument' });
  for (const asked of ['2', 'other', '../20260101-000000-aaaa', ''])
    await expect(found(asked)).rejects.toMatchObject({ code: 'not-found' });
});

test('a folder with other things in it is looked at without fear', async () => {
  await mkdir(join(folder, 'strange'));
  await writeFile(join(folder, 'journal.json'), '{}');
  expect(await listSnapshots(folder)).toEqual([{ state: 'unreadable', id: 'strange', why: 'manifest.json is missing.' }]);
});
