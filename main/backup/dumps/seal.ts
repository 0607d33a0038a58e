/** Encrypted files are told from changed ones without their key: by the hash of what was written. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Backup } from '../../../preload/contract/backups.ts';
import { NoodleError } from '../../errors.ts';
import type { CopyWork } from '../../runtime/copies.ts';
import { damaged } from '../archive/format.ts';
import { readOpenHeader } from '../archive/read.ts';
import { sealOf } from './store.ts';

/** @returns sha256 */
export async function hashOfFile(file: string, signal: AbortSignal, progress: (bytes: number) => void = () => {}): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    createReadStream(file),
    async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        progress(bytes);
      }
    },
    { signal },
  );
  return hash.digest('hex');
}

/** @throws NoodleError archive-damaged, not-found where nothing is known of how it was written */
export async function checkSeal(backup: Backup, { signal, progress }: CopyWork): Promise<void> {
  const name = basename(backup.file);
  const seal = await sealOf(backup);
  if (seal === null) {
    throw new NoodleError({
      code: 'not-found',
      what: `Without its key nothing can be told of ${name}.`,
      why: 'What it was when it was written is known on the machine that made it, and only of encrypted backups.',
      todo: 'Check it where its key is.',
      command: `noodlebox backup verify ${backup.id} --identity <file>`,
    });
  }
  await readOpenHeader(backup.file, 'backup');
  if ((await hashOfFile(backup.file, signal, progress)) !== seal) throw damaged(name, 'its bytes are not those that were written');
}
