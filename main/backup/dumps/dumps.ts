/** Backups of one stack, as the core offers them. Each act that changes something expects that the caller holds the stack's lock. */
import { dirname, resolve } from 'node:path';
import {
  type Backup,
  type BackupCheck,
  type BackupOutlook,
  snapshotNameLength,
  snapshotNoteLength,
} from '../../../preload/contract/index.ts';
import { NoodleError } from '../../errors.ts';
import { Steps } from '../snapshots/steps.ts';
import { worded } from '../worded.ts';
import { type BackupRequest, createBackup } from './create.ts';
import type { BackupHost, Run } from './host.ts';
import { matchStores, type RestoreRequest, restoreBackup } from './restore.ts';
import { findBackup, findEntry, removeBackup } from './store.ts';
import { type VerifyRequest, verifyBackup } from './verify.ts';

export { forgetPending } from './journal.ts';
export { recoverRestore } from './recover.ts';
export { findBackup, listBackups } from './store.ts';

export function create(host: BackupHost, request: BackupRequest, run: Run): Promise<Backup> {
  const name = worded(request.name, snapshotNameLength, 'name');
  return createBackup(host, { ...request, name, note: worded(request.note, snapshotNoteLength, 'note') }, run);
}

export async function restore(host: BackupHost, asked: string, request: RestoreRequest, run: Run): Promise<void> {
  await restoreBackup(host, await findBackup(host.folder, asked), request, run);
}

export async function verify(host: BackupHost, asked: string, request: VerifyRequest, run: Run): Promise<BackupCheck> {
  return verifyBackup(host, await findBackup(host.folder, asked), request, run);
}

/** Also one that cannot be read, if it lies among the stack's own: any other file may be something else. @throws NoodleError not-found, bad-argument */
export async function remove(host: BackupHost, asked: string, run: Run): Promise<void> {
  const entry = await findEntry(host.folder, asked);
  if (entry.state === 'unreadable' && resolve(dirname(entry.file)) !== resolve(host.folder)) {
    throw new NoodleError({ code: 'bad-argument', what: `${entry.file} is no backup, so it stays.`, why: entry.why });
  }
  const steps = new Steps(host.stack, run, [{ kind: 'discard', target: entry.id, cause: 'asked to delete it' }]);
  await steps.do('discard', entry.id, () => removeBackup(entry.state === 'whole' ? entry.backup.file : entry.file));
}

export async function outlook(
  host: BackupHost,
  asked: string,
  act: 'restore' | 'delete',
  services: readonly string[],
  signal: AbortSignal,
): Promise<BackupOutlook> {
  const entry = await findEntry(host.folder, asked);
  const file = entry.state === 'whole' ? entry.backup.file : entry.file;
  if (act === 'delete') return { does: [`Deletes the file ${file}.`], loses: [`Backup ${entry.id}`] };
  const backup = await findBackup(host.folder, asked);
  const matches = matchStores(host, backup, services);
  const held = await Promise.all(
    matches.map(async ({ store }) => {
      const [dumper, place] = await Promise.all([store.dumper(), store.place()]);
      const counts = (await dumper.counts(place, signal)).filter(({ count }) => count > 0);
      const shown = counts.slice(0, shownCounts).map(({ name, count }) => `${count.toLocaleString('en')} ${name}`);
      const more = counts.length > shownCounts ? `, and ${counts.length - shownCounts} more` : '';
      return counts.length > 0 ? [`${store.service}: ${shown.join(', ')}${more}`] : [];
    }),
  );
  return {
    does: [
      'Reads all of the backup before anything is touched.',
      'Makes every store ready beside what is there, compares the counts, and only then puts it in place. Connections to the old ones end.',
      ...matches.map(({ of, store }) => `${store.service} becomes what ${of.service} was on ${new Date(backup.createdAt).toISOString()}.`),
    ],
    loses: held.flat(),
  };
}

/** Counts of one store named in one line. */
const shownCounts = 12;
