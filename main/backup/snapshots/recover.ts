/** Finishes or takes back what a killed or failed snapshot or restore left (`recovery.ts` says what). */
import type { Snapshot } from '../../../preload/contract/snapshots.ts';
import { asNoodleError } from '../../errors.ts';
import type { CopyWork, VolumeEntry } from '../../runtime/copies.ts';
import { needlessIn } from '../../services/needless.ts';
import { allOf } from '../all-of.ts';
import { finish } from './create.ts';
import type { EntriesByVolume } from './file-list.ts';
import { kept, type Run, type SnapshotHost } from './host.ts';
import { type Journal, type RestoreJournal, readJournal, removeJournal, writeJournal } from './journal.ts';
import { clearScratch, unfinishedSnapshots } from './leftovers.ts';
import { asksForKept, type RecoveryAction, recovery } from './recovery.ts';
import { removeOlder } from './retention.ts';
import { discardSnapshot } from './store.ts';
import { putBack } from './swap.ts';

/** The caller holds the stack's lock. @returns what was done, in words; undefined when there was nothing */
export async function recover(host: SnapshotHost, run: Run): Promise<string | undefined> {
  const journal = await readJournal(host.folder);
  if (journal) await runRecovery(host, journal, run);
  await clearScratch(host.folder);
  const left = await unfinishedSnapshots(host.folder);
  if (left.length > 0) await host.runtime.copies.clear(host.stack);
  for (const id of left) await discardSnapshot(host, id);
  if (journal) return told(journal);
  return left.length > 0 ? 'A snapshot that had been cut off was cleared away.' : undefined;
}

function told(journal: Journal): string {
  if (journal.act === 'pause')
    return 'A snapshot had been cut off: its services were let go on, and what there was of it was cleared away.';
  if (journal.act === 'beside') return `The second stack ${journal.name} had been cut off before it was whole: it was cleared away.`;
  if (journal.step === 'settling') return `The restore of ${journal.of} had been cut off when all was in place: it was finished.`;
  return `The restore of ${journal.of} had been cut off: the stack is as it was before.`;
}

export async function runRecovery(host: SnapshotHost, journal: Journal, run: Run): Promise<void> {
  const { runtime, stack, folder } = host;
  await runtime.copies.clear(stack);
  for (const action of recovery(journal, await keptOf(host, journal))) await perform(host, journal, action, run);
  await removeJournal(folder);
}

/** Names of the volumes whose old data are in their set, as far as that is asked. */
async function keptOf({ runtime, definition, stack }: SnapshotHost, journal: Journal): Promise<readonly string[]> {
  if (journal.act !== 'restore' || !asksForKept(journal)) return [];
  return journal.stage === null ? runtime.copies.kept(stack, journal.kept) : runtime.copies.moved(definition, journal.kept);
}

async function perform(host: SnapshotHost, journal: Journal, action: RecoveryAction, run: Run): Promise<void> {
  const { runtime, stack, folder } = host;
  switch (action.do) {
    case 'unpause':
      await allOf(action.services.map((service) => runtime.unpause(stack, service)));
      return;
    case 'stop':
      return host.stop(action.services, run);
    case 'remove':
      for (const service of action.services) await runtime.remove(stack, service);
      return;
    case 'put-back':
      return putBack(host, journal as RestoreJournal, action.volumes);
    case 'drop':
      for (const { key } of action.volumes) await runtime.removeVolume(stack, host.definition.volumes[key]!);
      return;
    case 'mark-undone':
      return writeJournal(folder, { ...(journal as RestoreJournal), step: 'undone' });
    case 'discard':
      for (const set of action.sets) await discardSnapshot(host, set);
      return;
    case 'start':
      return startAgain(host, action.services, run);
    case 'settle':
      await settle(host, journal as RestoreJournal);
      return;
    case 'remove-beside':
      return host.removeBeside(action.name, run);
    case 'forget':
      return removeJournal(folder);
  }
}

/** The data are as they were; a server that does not come up on them is told of, and keeps nobody from the stack. */
async function startAgain(host: SnapshotHost, services: readonly string[], run: Run): Promise<void> {
  if (services.length === 0) return;
  try {
    await host.up(services, run);
  } catch (error) {
    const { what } = asNoodleError(error).problem;
    run.onEvent({ type: 'notice', level: 'warn', message: `The data are as they were, but not all services came up again: ${what}` });
  }
}

/** The old data as they were set aside, every file hashed; what no snapshot would have goes first. */
export async function readOld(
  { runtime, definition }: SnapshotHost,
  journal: RestoreJournal,
  signal: AbortSignal,
): Promise<EntriesByVolume> {
  const had = journal.volumes.filter((volume) => volume.had);
  if (had.length === 0) return new Map();
  const places = had.map((volume) => kept(journal.kept, volume));
  const room = await runtime.copies.open(definition, { read: places, write: [] });
  try {
    const work: CopyWork = { signal, progress: () => {} };
    const entries = new Map<string, readonly VolumeEntry[]>();
    for (const [at, { key }] of had.entries()) {
      await room.shed(places[at]!, needlessIn(definition, key));
      entries.set(key, await room.entries(places[at]!, work));
    }
    return entries;
  } finally {
    await room.close();
  }
}

/**
 * The old data get their manifest, and the ones kept by earlier restores go. May be cut off and run again.
 * @param read what was read of the old data already
 */
export async function settle(host: SnapshotHost, journal: RestoreJournal, read?: EntriesByVolume): Promise<Snapshot | undefined> {
  const had = journal.volumes.filter((volume) => volume.had);
  let old: Snapshot | undefined;
  if (had.length > 0) {
    const entries = read ?? (await readOld(host, journal, uncancelled.signal));
    old = await finish(host, journal.draft, had, entries, new Map(had.map(({ key }) => [key, journal.sharing === false ? 0 : undefined])));
  } else {
    await discardSnapshot(host, journal.kept);
  }
  if (journal.stage !== null) await discardSnapshot(host, journal.stage);
  // Also when the clock was set back meanwhile.
  await removeOlder(host, 'before-restore', { except: [journal.of, journal.kept] });
  return old;
}

const uncancelled: CopyWork = { signal: new AbortController().signal, progress: () => {} };
