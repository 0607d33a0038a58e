/**
 * Restores a backup: it is read through and checked; what is there is kept as a snapshot; every store is made ready beside
 * what is there and compared; and only then are they put in place, one after another.
 */
import { randomBytes } from 'node:crypto';
import type { Backup, BackupCount, BackupService, BackupStore } from '../../../preload/contract/backups.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import { majorVersion } from '../../services/data-version.ts';
import type { DumpPart, Staged } from '../../services/dumper.ts';
import type { Keys } from '../archive/encryption.ts';
import { clearUnfinished } from '../archive/unfinished.ts';
import { Steps } from '../snapshots/steps.ts';
import { differences } from './compare.ts';
import { readBackupFile } from './contents.ts';
import type { BackupHost, Run, Store, StoreHost } from './host.ts';
import { type Journal, readJournal, removeJournal, workFolder, writeJournal } from './journal.ts';
import { keepStores } from './store.ts';

export interface RestoreRequest {
  /** Empty: all that it has. */
  readonly services: readonly string[];
  readonly keys: Keys;
  /** Keep what is there as a snapshot first. */
  readonly snapshot: boolean;
}

/** One that waits for its servers is finished first, unless this one replaces all that it would put in place. @throws NoodleError conflict */
async function refusePending(host: BackupHost, matches: readonly Match[]): Promise<void> {
  const pending = await readJournal(host.folder);
  if (!pending) return;
  const left = pending.services.filter(({ service }) => !matches.some(({ store }) => store.service === service));
  if (left.length > 0 || pending.step === 'going-back') {
    throw new NoodleError({
      code: 'conflict',
      what: `The restore of backup ${pending.backup} was cut off and is not finished yet.`,
      why: `It still has to put ${pending.services.map(({ service }) => service).join(', ')} in place.`,
      todo: 'Bring these up, so that it can be finished, or restore a snapshot.',
      command: `noodlebox up --stack ${host.stack}`,
    });
  }
  await takeBack(host, pending);
}

/** A service of the backup and the store that takes it. */
export interface Match {
  readonly of: BackupService;
  readonly store: Store;
}

export async function restoreBackup(host: BackupHost, backup: Backup, request: RestoreRequest, run: Run): Promise<void> {
  await clearUnfinished(host.folder, () => true);
  const matches = matchStores(host, backup, request.services);
  await refusePending(host, matches);
  const steps = new Steps(host.stack, run, [
    { kind: 'verify', target: backup.id, cause: 'nothing is touched before all of it was read' },
    ...matches.map(({ store }) => ({ kind: 'restore' as const, target: store.service, cause: 'made ready beside what is there' })),
    ...matches.map(({ store }) => ({ kind: 'swap' as const, target: store.service, cause: 'what was made ready takes its place' })),
  ]);
  await refuseNewer(matches, run.signal);
  const stores = await steps.do('verify', backup.id, (work) => readBackupFile(backup, request.keys, work, async () => {}), backup.bytes);
  await keepStores(backup, stores);
  const safety = request.snapshot ? ((await host.safety(steps.nested())) ?? null) : null;
  const id = randomBytes(4).toString('hex');
  const journal: Journal = {
    backup: backup.id,
    id,
    step: 'staging',
    services: matches.map(({ store }) => ({ service: store.service, record: null })),
    safety,
  };
  await writeJournal(host.folder, journal);
  let staged: ReadonlyMap<string, Staged>;
  try {
    staged = await stageAll(host, backup, matches, stores, id, request.keys, steps);
    run.signal.throwIfAborted();
  } catch (error) {
    // Should that fail too, the journal stays, and the next command tries again.
    await takeBack(host, journal).catch(() => {});
    throw error;
  }
  const swapping: Journal = {
    ...journal,
    step: 'swapping',
    services: matches.map(({ store }) => ({ service: store.service, record: staged.get(store.service)!.record })),
  };
  await writeJournal(host.folder, swapping);
  try {
    // From here on it is not cancelled: half of it in place is what nobody wants.
    for (const { store } of matches) await steps.do('swap', store.service, () => swapOne(host, swapping, store));
  } catch (error) {
    throw await goneBack(host, swapping, error, steps.nested(uncancelled()));
  }
  await removeJournal(host.folder, id);
  await host.forget(matches.map(({ store }) => store.service));
  for (const { notes } of staged.values()) for (const note of notes) steps.notice('warn', note);
}

/** @throws NoodleError unknown-service when this stack has no store for one of them */
export function matchStores(host: StoreHost, backup: Backup, services: readonly string[]): readonly Match[] {
  const missing = services.find((service) => !backup.services.some((each) => each.service === service));
  if (missing !== undefined) {
    throw new NoodleError({
      code: 'unknown-service',
      what: `The backup has no "${missing}".`,
      todo: `Name one of ${backup.services.map(({ service }) => service).join(', ')}.`,
    });
  }
  const wanted = backup.services.filter(({ service }) => services.length === 0 || services.includes(service));
  return wanted.map((of) => {
    const same = host.stores.filter(({ kind }) => kind === of.kind);
    const store = same.find(({ service }) => service === of.service) ?? (same.length === 1 ? same[0] : undefined);
    if (store) return { of, store };
    throw new NoodleError({
      code: 'unknown-service',
      what: `${host.stack} has no store that could take ${of.service} of the backup.`,
      todo: 'Restore the others with --service, or add one to the compose file.',
    });
  });
}

/** @throws NoodleError data-version */
export async function refuseNewer(matches: readonly Match[], signal: AbortSignal): Promise<void> {
  for (const { of, store } of matches) {
    // BSON is the same in all of them, and stand-ins count their versions in their own way.
    if (of.kind === 'mongodb') continue;
    const here = await store.version(signal);
    const [has, wanted] = [majorVersion(here), majorVersion(of.version)];
    // A server that was built from source may not tell.
    if (!has || !wanted || Number(wanted) <= Number(has)) continue;
    throw new NoodleError({
      code: 'data-version',
      what: `${of.service} was backed up from version ${of.version}, and ${store.service} is ${here}.`,
      why: 'What a newer server has written an older one need not understand.',
      todo: `Run version ${wanted} of it, then try again.`,
    });
  }
}

/** Makes all ready and compares it. @throws NoodleError conflict naming what differs */
async function stageAll(
  host: BackupHost,
  backup: Backup,
  matches: readonly Match[],
  stores: readonly BackupStore[],
  id: string,
  keys: Keys,
  steps: Steps,
): Promise<ReadonlyMap<string, Staged>> {
  const staged = new Map<string, Staged>();
  const work = { signal: steps.signal, progress: () => {} };
  await readBackupFile(backup, keys, work, async ({ service, parts }) => {
    const match = matches.find(({ of }) => of.service === service);
    if (!match) return;
    const { store } = match;
    const made = await steps.do('restore', store.service, async ({ progress }) => {
      const [dumper, place] = await Promise.all([store.dumper(), store.place()]);
      const options = { id, folder: workFolder(host.folder, id, store.service), signal: steps.signal };
      const ready = await dumper.stage(place, told(parts, progress), options);
      const facts = stores.find((each) => each.service === service);
      if (ready.counts && facts) refuseDifferent(service, withoutChecksums(facts.counts), ready.counts);
      return ready;
    });
    staged.set(store.service, made);
  });
  return staged;
}

async function* told(parts: AsyncIterable<DumpPart>, progress: (bytes: number) => void): AsyncGenerator<DumpPart> {
  let bytes = 0;
  for await (const { name, content } of parts) {
    const counted = async function* () {
      for await (const chunk of content) {
        bytes += chunk.length;
        progress(bytes);
        yield chunk;
      }
    };
    yield { name, content: counted() };
  }
}

/** What is made ready is counted, not read again. */
function withoutChecksums(counts: readonly BackupCount[]): BackupCount[] {
  return counts.map((count) => ({ ...count, checksum: null }));
}

function refuseDifferent(service: string, wanted: readonly BackupCount[], has: readonly BackupCount[]): void {
  const told = differences(wanted, has);
  if (told.length === 0) return;
  throw new NoodleError({
    code: 'conflict',
    what: `What ${service} took is not what the backup has; nothing was put in place.`,
    why: told.join('\n'),
  });
}

export async function swapOne(host: BackupHost, journal: Journal, store: Store): Promise<void> {
  const { record } = journal.services.find(({ service }) => service === store.service)!;
  const [dumper, place] = await Promise.all([store.dumper(), store.place()]);
  await dumper.swap(place, record, { id: journal.id, folder: workFolder(host.folder, journal.id, store.service), signal: uncancelled() });
  await dumper.discard(place, { id: journal.id, signal: uncancelled() });
}

/** Removes what was made ready. @throws what a store that does not answer throws; the journal is there still then */
export async function takeBack(host: BackupHost, journal: Journal): Promise<void> {
  for (const { service } of journal.services) {
    const store = host.stores.find((each) => each.service === service);
    if (!store) continue;
    const [dumper, place] = await Promise.all([store.dumper(), store.place()]);
    await dumper.discard(place, { id: journal.id, signal: uncancelled() });
  }
  await removeJournal(host.folder, journal.id);
}

/** All as it was, from the snapshot; without one it can only be gone on with. @returns what is to be thrown */
async function goneBack(host: BackupHost, journal: Journal, error: unknown, run: Run): Promise<NoodleError> {
  const { problem } = asNoodleError(error);
  if (journal.safety === null) {
    const todo = 'The restore goes on from here with the next command on this stack.';
    return new NoodleError({ ...problem, what: `The restore was cut off in the middle. ${problem.what}`, todo }, { cause: error });
  }
  // Cut off from here on, nothing may be put in place any more.
  await writeJournal(host.folder, { ...journal, step: 'going-back' });
  await host.restoreSnapshot(journal.safety, run);
  await removeJournal(host.folder, journal.id);
  return new NoodleError({ ...problem, what: `The backup was not restored; all is as it was. ${problem.what}` }, { cause: error });
}

export function uncancelled(): AbortSignal {
  return new AbortController().signal;
}
