import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { limits } from '../../../limits.ts';
import { type Hashers, openHashers } from './hashing.ts';

let folder: string;
let hashers: Hashers;
const abort = { controller: new AbortController() };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox hash-'));
  abort.controller = new AbortController();
  hashers = openHashers(abort.controller.signal);
});
afterEach(async () => {
  await hashers.close();
  await rm(folder, { recursive: true, force: true });
});

test('more files than there are threads have the hashes of their content, and all that is read is told', async () => {
  const contents = Array.from({ length: 12 }, (_, at) => randomBytes(at * limits.hashPiece + at));
  let read = 0;
  const hashes = await Promise.all(
    contents.map(async (content, at) => {
      await writeFile(join(folder, String(at)), content);
      return hashers.sha256(join(folder, String(at)), (bytes) => {
        read += bytes;
      });
    }),
  );
  expect(hashes).toEqual(contents.map((content) => createHash('sha256').update(content).digest('hex')));
  expect(read).toBe(contents.reduce((sum, { length }) => sum + length, 0));
});

test('a file that is not there is told as the system tells it, and the next one is hashed', async () => {
  await writeFile(join(folder, 'there'), 'x');
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => hashers.sha256(join(folder, 'none'), () => {})));
  const reason = expect.objectContaining({ code: 'ENOENT', message: expect.stringContaining('none') });
  expect(all).toEqual(all.map(() => ({ status: 'rejected', reason })));
  expect(await hashers.sha256(join(folder, 'there'), () => {})).toMatch(/^2d711642/);
});

test('a cancel ends all that run and all that wait', async () => {
  await writeFile(join(folder, 'large'), Buffer.alloc(200 * limits.hashPiece));
  const all = Array.from({ length: 8 }, () => hashers.sha256(join(folder, 'large'), () => abort.controller.abort()));
  const ends = await Promise.allSettled(all);
  expect(ends.map(({ status }) => status)).toEqual(all.map(() => 'rejected'));
});
