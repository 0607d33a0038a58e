import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bytesOf } from '../bson/ejson.ts';
import { DocumentSpool } from './spool.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-spool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const document = (n: number) => bytesOf({ n, text: 'x'.repeat(n % 50) });

it('documents come back as they came, whatever portion is asked for', async () => {
  const spool = new DocumentSpool(async () => join(folder, 'spool'));
  for (let from = 0; from < 3_000; from += 300) await spool.append(Array.from({ length: 300 }, (_, n) => document(from + n)));
  expect(spool.count).toBe(3_000);
  for (const [from, count] of [
    [0, 10],
    [295, 10],
    [2_690, 20],
    [2_999, 1],
    [0, 3_000],
  ] as const) {
    const read = await spool.read(from, count, 1e9);
    expect(read.map((bytes) => bytes.readInt32LE(7))).toEqual(Array.from({ length: count }, (_, n) => from + n));
  }
  expect(await spool.read(0, 3_000, 1)).not.toHaveLength(3_000);
  await spool.replace(5, document(7_777));
  expect((await spool.read(4, 3, 1e9)).map((bytes) => bytes.readInt32LE(7))).toEqual([4, 7_777, 6]);
  await spool.close();
  expect(await readdir(folder)).toEqual([]);
});

it('a disk that takes nothing is told to whoever comes next', async () => {
  const spool = new DocumentSpool(async () => join(folder, 'no', 'such', 'folder'));
  await spool.append([document(1)]);
  expect(await spool.read(0, 1, 1e9)).toHaveLength(1);
  await expect(spool.append([document(2)])).rejects.toThrow('ENOENT');
  await spool.close();
});
