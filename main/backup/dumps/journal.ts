/** What a restore is about to do, written down before it is done: whoever opens the stack next finishes it or takes it back. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { NoodleError } from '../../errors.ts';
import { readJson, writeFileAtomic } from '../../home/files.ts';

export const Journal = z.object({
  /** Of the backup that is restored. */
  backup: z.string(),
  /** Names what is made ready. */
  id: z.string().regex(/^[a-z0-9]+$/),
  /**
   * `staging`: nothing of what was there is touched yet. `swapping`: all is ready, and is put in place. `going-back`:
   * that failed, and the snapshot of what was there is restored.
   */
  step: z.enum(['staging', 'swapping', 'going-back']),
  /** What each service's dumper wants to know to swap. */
  services: z.array(z.object({ service: z.string(), record: z.unknown() })),
  /** The snapshot of what was there. */
  safety: z.string().nullable(),
});
export type Journal = z.infer<typeof Journal>;

const fileIn = (folder: string) => join(folder, 'restore.json');

/** Where stores lay what they have no room for beside what is there. */
export function workFolder(folder: string, id: string, service: string): string {
  return join(folder, `restore-${id}`, service);
}

/** @throws NoodleError file-unreadable: it is never passed over */
export async function readJournal(folder: string): Promise<Journal | undefined> {
  const read = await readJson(fileIn(folder), (value) => Journal.parse(value));
  if (read.state === 'missing') return undefined;
  if (read.state === 'read') return read.value;
  throw new NoodleError({
    code: 'file-unreadable',
    what: `${fileIn(folder)} cannot be understood.`,
    why: read.why,
    todo: 'It tells of a restore that was cut off. Restore the snapshot that was taken before it, then delete the file.',
    command: 'noodlebox snapshot list',
  });
}

export async function writeJournal(folder: string, journal: Journal): Promise<void> {
  await writeFileAtomic(fileIn(folder), `${JSON.stringify(journal)}\n`, 0o600);
}

/** And what was laid aside for it. */
export async function removeJournal(folder: string, id: string): Promise<void> {
  await rm(fileIn(folder), { force: true });
  await rm(join(folder, `restore-${id}`), { recursive: true, force: true });
}

/** Before all data are replaced or deleted: what waits to be put in place must not come onto others afterwards. */
export async function forgetPending(folder: string): Promise<void> {
  const journal = await readJournal(folder);
  if (journal) await removeJournal(folder, journal.id);
}
