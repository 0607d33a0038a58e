import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { limits } from '../../limits.ts';
import { readJsonPart } from '../../services/dump-parts.ts';
import { writeArchive } from '../archive/write.ts';
import { readBackupFile, type ServiceContent } from './contents.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-contents-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A whole and well-formed archive whose one part is a text of JSON that never comes to its point. */
async function bomb(path: string): Promise<string> {
  const file = join(folder, 'bomb.noodle');
  const signal = new AbortController().signal;
  await writeArchive(file, { kind: 'backup', open: {}, about: {}, encryption: { kind: 'none' }, signal }, async (put) => {
    const piece = Buffer.alloc(limits.archivePiece, ' ');
    await put(
      path,
      (function* () {
        for (let bytes = 0; bytes <= limits.dumpMetaBytes; bytes += piece.length) yield piece;
      })(),
    );
  });
  return file;
}

const read = (file: string, take: (content: ServiceContent) => Promise<void>) =>
  readBackupFile({ file }, {}, { signal: new AbortController().signal, progress: () => {} }, take);

it.each([
  ['what tells of a store', 'redis/facts.json', async () => {}],
  [
    'what tells how a store is to be restored',
    'redis/catalog.json',
    async ({ parts }: ServiceContent) => {
      for await (const part of parts) await readJsonPart(part, 'catalog.json', z.object({}));
    },
  ],
])(
  '%s is refused by its name when it is larger than any that was ever written, though the archive is whole',
  async (_, path, take) => {
    const reading = read(await bomb(path), take);
    await expect(reading).rejects.toMatchObject({ code: 'archive-damaged' });
    await expect(reading).rejects.toThrow(path.slice(path.indexOf('/') + 1));
    await expect(reading).rejects.toThrow('larger than any');
  },
  60_000,
);
