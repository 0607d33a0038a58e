/**
 * The folder of a stack's backups: a file each, and beside it what this machine knows of it without opening it
 * (`<file>.json`: what it holds, and how checks ended). The file alone is the backup: where nothing can be written beside
 * it, nothing is known beforehand. Of an encrypted file nothing is kept that takes its key to read.
 */
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { type Backup, BackupCheck, type BackupEntry, BackupOutside, BackupStore } from '../../../preload/contract/backups.ts';
import { asNoodleError } from '../../errors.ts';
import { isMissing, readJson, writeFileAtomic } from '../../home/files.ts';
import { limits } from '../../limits.ts';
import { damaged } from '../archive/format.ts';
import { readOpenHeader } from '../archive/read.ts';
import { chosen } from '../choose.ts';

export const extension = '.noodle';

/** What this machine knows of a file. */
const Known = z.object({
  /** Another file under the same name is not meant. */
  createdAt: z.number(),
  stores: z.array(BackupStore).nullable(),
  checks: z.array(BackupCheck),
  /** sha256 of the file as it was written, where it takes a key to read; null: another machine has written it. */
  seal: z.string().nullable().default(null),
});
type Known = z.infer<typeof Known>;

/** All in the folder, newest first. */
export async function listBackups(folder: string): Promise<readonly BackupEntry[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith(extension) && !name.startsWith('.'));
  const entries = await Promise.all(files.map((name) => readEntry(join(folder, name))));
  return entries.sort((a, b) => timeOf(b) - timeOf(a) || (a.id < b.id ? 1 : -1));
}

function timeOf(entry: BackupEntry): number {
  return entry.state === 'whole' ? entry.backup.createdAt : 0;
}

/** By id, the beginning of one, a name, or the path of a file. @throws NoodleError not-found, bad-argument, archive-* */
export async function findBackup(folder: string, asked: string): Promise<Backup> {
  const entry = await findEntry(folder, asked);
  if (entry.state === 'whole') return entry.backup;
  return readBackup(entry.file);
}

export async function findEntry(folder: string, asked: string): Promise<BackupEntry> {
  if (asked.endsWith(extension) || asked.includes('/') || asked.includes('\\')) return readEntry(resolve(asked));
  return chosen(await listBackups(folder), asked, 'backup', (entry) => (entry.state === 'whole' ? entry.backup.name : null));
}

async function readEntry(file: string): Promise<BackupEntry> {
  const id = basename(file, extension);
  try {
    const backup = await readBackup(file);
    return { state: 'whole', id: backup.id, backup };
  } catch (error) {
    const { code, problem } = asNoodleError(error);
    if (code === 'not-found') throw error;
    return { state: 'unreadable', id, file, why: [problem.what, problem.why].filter(Boolean).join(' ') };
  }
}

/** @throws NoodleError not-found, archive-format, archive-damaged */
async function readBackup(file: string): Promise<Backup> {
  const { header, bytes } = await readOpenHeader(file, 'backup');
  const outside = BackupOutside.safeParse(header.open);
  if (!outside.success) throw damaged(basename(file), 'its first line does not say what it is of');
  const { createdAt, unpacked, encryption } = header;
  const known = await readKnown({ file, createdAt, encryption });
  return { ...outside.data, file, createdAt, bytes, unpacked, encryption, stores: known.stores, checks: known.checks };
}

/** What can be told without its key later: whether its bytes are still those. */
export async function keepSeal(backup: Kept, seal: string): Promise<void> {
  const known = await readKnown(backup);
  await writeKnown(backup.file, { ...known, seal });
}

export async function sealOf(backup: Kept): Promise<string | null> {
  return (await readKnown(backup)).seal;
}

type Kept = Pick<Backup, 'file' | 'createdAt' | 'encryption'>;

export async function keepStores(backup: Kept, stores: readonly BackupStore[]): Promise<void> {
  if (backup.encryption !== 'none') return;
  const known = await readKnown(backup);
  await writeKnown(backup.file, { ...known, stores: [...stores] });
}

/** @returns false where nothing can be written beside the file */
export async function keepCheck(backup: Kept, check: BackupCheck): Promise<boolean> {
  const known = await readKnown(backup);
  // What differs names what is in it.
  const kept = backup.encryption === 'none' ? check : { ...check, differences: [] };
  return writeKnown(backup.file, { ...known, checks: [kept, ...known.checks].slice(0, limits.backupChecksKept) });
}

export async function removeBackup(file: string): Promise<void> {
  // What is known of it first: it is of no use alone.
  await rm(knownFile(file), { force: true });
  await rm(file, { force: true });
}

/** What cannot be read is not known: the file says it again. */
async function readKnown({ file, createdAt, encryption }: Kept): Promise<Known> {
  const read = await readJson(knownFile(file), (value) => Known.parse(value)).catch(() => undefined);
  if (read?.state !== 'read' || read.value.createdAt !== createdAt) return { createdAt, stores: null, checks: [], seal: null };
  return encryption === 'none' ? read.value : { ...read.value, stores: null };
}

/** @returns false where the system refuses: a medium that is full or read-only, a folder of somebody else */
async function writeKnown(file: string, known: Known): Promise<boolean> {
  try {
    await writeFileAtomic(knownFile(file), `${JSON.stringify(known, null, 2)}\n`, 0o600);
    return true;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return false;
    throw error;
  }
}

function knownFile(file: string): string {
  return join(dirname(file), `${basename(file)}.json`);
}
