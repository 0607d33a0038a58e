/** What a killed process may have left. Looked for whenever a stack is opened, so it loads and reads little. */
import type { Dirent } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../home/files.ts';
import { readJournal } from './journal.ts';

/** Whether there is anything to recover. @throws NoodleError file-unreadable */
export async function needsRecovery(folder: string): Promise<boolean> {
  if ((await readJournal(folder)) !== undefined || (await unfinishedSnapshots(folder)).length > 0) return true;
  return (await namesIn(folder)).some(isScratch);
}

/** Snapshots that were begun and not made whole (`store.ts`). */
export async function unfinishedSnapshots(folder: string): Promise<readonly string[]> {
  const ids = await idsIn(folder);
  const left = await Promise.all(
    ids.map(async (id) => {
      const names = await readdir(join(folder, id)).catch(gone<string>);
      return names.includes('unfinished') && !names.includes('manifest.json');
    }),
  );
  return ids.filter((_, at) => left[at]);
}

/** Folders of snapshots, whole or not. */
export async function idsIn(folder: string): Promise<readonly string[]> {
  return (await foldersIn(folder)).filter((name) => !name.startsWith('.') && !name.endsWith(hotEnd));
}

const hotEnd = '.hot';

/** The set of a snapshot's ready copy. */
export function hotSet(id: string): string {
  return `${id}${hotEnd}`;
}

/** Snapshots that are gone and have left a ready copy: it was made while they were deleted. */
export async function orphanedHot(folder: string): Promise<readonly string[]> {
  const names = await foldersIn(folder);
  return names
    .filter((name) => name.endsWith(hotEnd))
    .map((name) => name.slice(0, -hotEnd.length))
    .filter((id) => !names.includes(id));
}

/** Deletes what comparisons have spooled, and files that were not yet in place; the caller holds the stack's lock, so nobody is at work. */
export async function clearScratch(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (isScratch(name)) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The second is how `writeFileAtomic` calls a file before it is renamed. */
function isScratch(name: string): boolean {
  return name.startsWith(scratchPrefix) || /[.]json[.]\d+-[0-9a-f]+[.]new$/.test(name);
}

/** Begins the names of folders that are of use to one act only. */
export const scratchPrefix = '.diff-';

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(gone<string>);
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(gone<Dirent>);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Never made, or just being deleted by another process. */
function gone<T>(error: unknown): T[] {
  if (isMissing(error)) return [];
  throw error;
}
