/** What is written down of backups and of the WAL between them: small files beside the depot, each replaced as a whole. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BaseBackup, baseBackupFormat, RestorePoint, WalLine } from '../../../preload/contract/pitr.ts';
import { NoodleError } from '../../errors.ts';
import { isMissing, readJson, writeFileAtomic } from '../../home/files.ts';

export interface Records {
  /** Oldest first. */
  readonly backups: readonly BaseBackup[];
  readonly unreadable: readonly { readonly id: string; readonly why: string }[];
  /** Oldest first. */
  readonly lines: readonly WalLine[];
  readonly points: readonly RestorePoint[];
}

const Archive = z.object({ format: z.literal(1), lines: z.array(WalLine), points: z.array(RestorePoint) });

const files = (folder: string) => ({
  backups: join(folder, 'backups'),
  backup: (id: string) => join(folder, 'backups', `${id}.json`),
  archive: join(folder, 'archive.json'),
});

/** @throws NoodleError file-unreadable when the record of the WAL cannot be understood */
export async function readRecords(folder: string): Promise<Records> {
  const places = files(folder);
  const names = await readdir(places.backups).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const ids = names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [])).sort();
  const read = await Promise.all(ids.map(async (id) => ({ id, file: await readJson(places.backup(id), (value) => asBackup(value, id)) })));
  const archive = await readJson(places.archive, (value) => Archive.parse(value));
  if (archive.state === 'broken') {
    throw new NoodleError({
      code: 'file-unreadable',
      what: `${places.archive} cannot be understood, and it says which WAL belongs together.`,
      why: archive.why,
      todo: 'Run the Noodlebox that wrote it, or move the file away to begin anew with a full backup.',
    });
  }
  return {
    backups: read.flatMap(({ file }) => (file.state === 'read' ? [file.value] : [])),
    unreadable: read.flatMap(({ id, file }) => (file.state === 'broken' ? [{ id, why: file.why }] : [])),
    lines: archive.state === 'read' ? archive.value.lines : [],
    points: archive.state === 'read' ? archive.value.points : [],
  };
}

export async function writeBackup(folder: string, backup: BaseBackup): Promise<void> {
  await writeFileAtomic(files(folder).backup(backup.id), `${JSON.stringify(BaseBackup.parse(backup), null, 2)}\n`, 0o600);
}

export async function forgetBackup(folder: string, id: string): Promise<void> {
  await rm(files(folder).backup(id), { force: true });
}

/** From here on nothing that the depot holds is a backup. */
export async function forgetAll(folder: string): Promise<void> {
  await rm(files(folder).backups, { recursive: true, force: true });
  await rm(files(folder).archive, { force: true });
}

export async function writeArchive(folder: string, { lines, points }: Pick<Records, 'lines' | 'points'>): Promise<void> {
  const archive = Archive.parse({ format: 1, lines, points });
  await writeFileAtomic(files(folder).archive, `${JSON.stringify(archive, null, 2)}\n`, 0o600);
}

function asBackup(value: unknown, id: string): BaseBackup {
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > baseBackupFormat) {
    throw new Error(`It is of format ${format}, made by a newer Noodlebox; this one knows formats up to ${baseBackupFormat}.`);
  }
  const backup = BaseBackup.parse(value);
  if (backup.id !== id) throw new Error(`It is that of ${backup.id}.`);
  return backup;
}
