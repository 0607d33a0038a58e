/**
 * Hot snapshots keep a second, ready copy of their data, so that a restore only changes names. Using it up is written down
 * before it is used; it is made anew afterwards, in the background, under a lock of its own.
 *
 * When the copy is made it is read once and compared with the snapshot's list. Before it is used only what the file
 * system says of each file is looked at: size, owner, permissions, and the times of the last change of content and of
 * anything else (ctime, which no program can set). Whoever touched a file since then is found; a disk that lost bits is not.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '../../../preload/contract/snapshots.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import { type Lock, takeLock } from '../../home/lock.ts';
import type { VolumePlace } from '../../runtime/copies.ts';
import { allOf } from '../all-of.ts';
import { rehearse, wantsRehearsal } from './branch.ts';
import { mustFit } from './create.ts';
import { damages, readList } from './file-list.ts';
import { kept, type Run, type SnapshotHost } from './host.ts';
import { forgetHotFile, readHotFile, writeHotFile } from './hot-file.ts';
import { clearScratch, hotSet, idsIn, orphanedHot } from './leftovers.ts';
import { type Step, Steps } from './steps.ts';
import { readFileList, readSnapshot } from './store.ts';
import { damaged } from './verify.ts';

/** @param places what it is, or will be, made of @throws NoodleError not-supported-by-server where data cannot be moved at once */
export async function mustTakeHot({ runtime, definition }: SnapshotHost, places: readonly VolumePlace[]): Promise<void> {
  const moves = await runtime.copies.movesAtOnce(definition, places);
  if (moves.atOnce) return;
  throw new NoodleError({
    code: 'not-supported-by-server',
    what: `A snapshot of ${definition.name} cannot be hot.`,
    why: `A ready copy would have to be copied all the same: ${moves.why}.`,
    todo: 'Restore it as it is.',
  });
}

/**
 * Marks it and makes its copy; its servers have opened the data then, so that a restore needs no rehearsal. The caller holds
 * the stack's lock, and knows that it can be hot. @throws NoodleError stack-busy while copies are renewed, and as `rehearse` does
 */
export async function heat(host: SnapshotHost, snapshot: Snapshot, run: Run): Promise<void> {
  if (await wantsRehearsal(host, snapshot, run)) await rehearse(host, snapshot, run);
  const lock = await hotLock(host);
  try {
    await writeHotFile(host.folder, snapshot.id, { state: 'wanted' });
    await makeCopy(host, snapshot, new Steps(host.stack, run, stepsOf(snapshot)));
  } catch (error) {
    await coolDown(host, snapshot.id);
    throw error;
  } finally {
    await lock.release();
  }
}

/** Of all that are hot: after an update of a server, say. The caller holds the stack's lock. */
export async function rehearseHot(host: SnapshotHost, run: Run): Promise<void> {
  for (const id of await idsIn(host.folder)) {
    const snapshot = (await readHotFile(host.folder, id)) ? await readSnapshot(host.folder, id) : undefined;
    if (snapshot && (await wantsRehearsal(host, snapshot, run))) await rehearse(host, snapshot, run);
  }
}

/** It is a snapshot as any other afterwards. */
export async function cool(host: SnapshotHost, { id }: Snapshot): Promise<void> {
  const lock = await hotLock(host);
  try {
    await coolDown(host, id);
  } finally {
    await lock.release();
  }
}

async function coolDown(host: SnapshotHost, id: string): Promise<void> {
  await forgetHotFile(host.folder, id);
  await dropCopy(host, id);
}

/**
 * Makes the copies that are wanted. The stack goes on meanwhile, and its lock is free. A snapshot that is deleted in the
 * middle takes its copy with it.
 */
export async function renewHot(host: SnapshotHost, run: Run): Promise<void> {
  const lock = await hotLock(host);
  try {
    for (const id of await orphanedHot(host.folder)) await dropCopy(host, id);
    for (const id of await idsIn(host.folder)) {
      if ((await readHotFile(host.folder, id))?.state !== 'wanted') continue;
      const snapshot = await readSnapshot(host.folder, id);
      await clearScratch(join(host.folder, id));
      if (snapshot) await renewed(host, snapshot, run);
    }
  } finally {
    await lock.release();
  }
}

async function renewed(host: SnapshotHost, snapshot: Snapshot, run: Run): Promise<void> {
  try {
    await makeCopy(host, snapshot, new Steps(host.stack, run, stepsOf(snapshot)));
  } catch (error) {
    await dropCopy(host, snapshot.id);
    if (!(await readSnapshot(host.folder, snapshot.id))) return;
    throw error;
  }
  if (!(await readSnapshot(host.folder, snapshot.id))) await dropCopy(host, snapshot.id);
}

export interface HotCopy {
  /** The set that the ready copy is in. It is used up. */
  readonly set: string;
  /** Once nothing of it is needed where it was. */
  release(): Promise<void>;
}

/** The ready copy, checked and written down as used up; undefined, with the reason told, where the snapshot has none that is as it was. */
export async function takeHotCopy(host: SnapshotHost, snapshot: Snapshot, steps: Steps): Promise<HotCopy | undefined> {
  const said = await readHotFile(host.folder, snapshot.id);
  if (!said) return undefined;
  const instead = (why: string) => steps.notice('info', `The ready copy is not used: ${why}. The snapshot is restored as any other.`);
  if (said.state !== 'ready') return void instead('it is not made yet');
  const lock = await hotLock(host).catch((error: unknown) => {
    if (asNoodleError(error).code !== 'stack-busy') throw error;
  });
  if (!lock) return void instead('copies are being renewed');
  try {
    const changed = await changedVolumes(host, snapshot, said.stamps);
    await writeHotFile(host.folder, snapshot.id, { state: 'wanted' });
    if (changed.length === 0) return { set: hotSet(snapshot.id), release: () => lock.release() };
    instead(`${changed.join(', ')} was changed since it was made`);
  } catch (error) {
    await lock.release();
    throw error;
  }
  await lock.release();
  return undefined;
}

function stepsOf({ volumes }: Snapshot): readonly Step[] {
  return volumes.flatMap(({ key }): Step[] => [
    { kind: 'copy', target: `${key} (hot)`, cause: 'a second copy stands ready' },
    { kind: 'verify', target: `${key} (hot)`, cause: 'it is read once and compared' },
  ]);
}

async function makeCopy(host: SnapshotHost, snapshot: Snapshot, steps: Steps): Promise<void> {
  const list = readList((await readFileList(host.folder, snapshot.id)) ?? '');
  const from = snapshot.volumes.map((volume) => kept(snapshot.id, volume));
  const to = snapshot.volumes.map((volume) => kept(hotSet(snapshot.id), volume));
  const room = await host.runtime.copies.open(host.definition, { read: from, write: to, aside: true });
  try {
    const bytes = snapshot.volumes.reduce((sum, volume) => sum + volume.bytes, 0);
    mustFit(bytes, await room.free());
    const shared = await allOf(
      snapshot.volumes.map(({ key, bytes: own }, at) =>
        steps.do('copy', `${key} (hot)`, (work) => room.copy(from[at]!, to[at]!, work), own),
      ),
    );
    await room.sync(to);
    const stamps: Record<string, string> = {};
    for (const [at, { key, bytes: own }] of snapshot.volumes.entries()) {
      await steps.do(
        'verify',
        `${key} (hot)`,
        async (work) => {
          // Before it is read: what is changed meanwhile is found later.
          stamps[key] = await room.stamp(to[at]!, work);
          const wrong = damages(list.get(key) ?? [], await room.entries(to[at]!, work));
          if (wrong.length > 0) {
            throw damaged(
              snapshot,
              wrong.map((what) => `${key}: ${what}`),
            );
          }
        },
        own,
      );
    }
    const all = shared.every((each) => each !== undefined) ? shared.reduce((sum, each) => sum + each, 0) : null;
    await writeHotFile(host.folder, snapshot.id, { state: 'ready', bytes, shared: all, stamps });
  } finally {
    await room.close();
  }
}

async function changedVolumes(
  host: SnapshotHost,
  snapshot: Snapshot,
  stamps: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const there = new Set(await host.runtime.copies.kept(host.stack, hotSet(snapshot.id)));
  const missing = snapshot.volumes.filter(({ name }) => !there.has(name)).map(({ key }) => key);
  if (missing.length > 0) return missing;
  const places = snapshot.volumes.map((volume) => kept(hotSet(snapshot.id), volume));
  const room = await host.runtime.copies.open(host.definition, { read: places, write: [] });
  try {
    const work = { signal: new AbortController().signal, progress: () => {} };
    const now = await Promise.all(places.map((place) => room.stamp(place, work)));
    return snapshot.volumes.filter(({ key }, at) => stamps[key] !== now[at]).map(({ key }) => key);
  } finally {
    await room.close();
  }
}

export async function dropCopy({ runtime, stack, folder }: Pick<SnapshotHost, 'runtime' | 'stack' | 'folder'>, id: string): Promise<void> {
  await runtime.copies.removeSet(stack, hotSet(id));
  await rm(join(folder, hotSet(id)), { recursive: true, force: true, maxRetries: 3 });
}

/** Whoever has it is the only one at work on ready copies: what a killed process left at work ends. */
async function hotLock({ folder, runtime, stack }: SnapshotHost): Promise<Lock> {
  const lock = await takeLock(join(folder, 'hot.lock'), 'hot copies', 'stack-busy');
  try {
    await runtime.copies.clear(stack, 'aside');
    return lock;
  } catch (error) {
    await lock.release();
    throw error;
  }
}
