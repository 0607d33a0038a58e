import { appendFile, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { limits } from '../../../limits.ts';
import { findProgram } from '../find-program.ts';
import { firstKept, rotateLog, trimLog } from './rotate.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a log within its bounds stays; one past them is moved aside, and the one before it goes', async () => {
  const log = join(folder, 'server.log');
  await rotateLog(folder);
  await appendFile(log, 'short\n');
  await rotateLog(folder);
  expect(await readdir(folder)).toEqual(['server.log']);
  for (let round = 0; round < 2; round++) {
    await grow(log, limits.nativeLogBytes + 1);
    await rotateLog(folder);
    expect(await readdir(folder)).toEqual(['server.log.1']);
  }
});

it("a running server's log gives its older part back and loses nothing of the rest", async ({ skip }) => {
  if (process.platform !== 'linux' || !(await findProgram('fallocate', process.env))) skip('needs Linux and fallocate');
  const log = join(folder, 'server.log');
  const piece = Buffer.alloc(1024 * 1024, 'x');
  const written = Math.ceil((2.1 * limits.nativeLogBytes) / piece.length);
  for (let count = 0; count < written; count++) await appendFile(log, piece);
  await appendFile(log, 'the last line\n');
  const before = await stat(log);
  await trimLog(folder);
  const after = await stat(log);
  if (after.blocks === before.blocks) skip('this file system has no holes');
  expect(after.size).toBe(before.size);
  expect(after.blocks * 512).toBeLessThan(1.1 * limits.nativeLogBytes);
  await using file = await open(log);
  const { buffer } = await file.read(Buffer.alloc(piece.length), 0, piece.length, firstKept(after.size));
  expect(buffer.every((byte) => byte === 0x78)).toBe(true);
});

/** A file of that size that takes no room. */
async function grow(path: string, size: number): Promise<void> {
  await using file = await open(path, 'a');
  await file.truncate(size);
}
