/** Snapshots of one stack, as the core offers them. Each act expects that the caller holds the stack's lock. */
import {
  type RetentionOutlook,
  type Snapshot,
  type SnapshotEntry,
  type SnapshotOutlook,
  type SnapshotRetention,
  snapshotNameLength,
  snapshotNoteLength,
  spaceOf,
} from '../../../preload/contract/snapshots.ts';
import { NoodleError } from '../../errors.ts';
import { worded } from '../worded.ts';
import { rehearse } from './branch.ts';
import { type SnapshotRequest, takeSnapshot } from './create.ts';
import { live, placesOf, type Run, type SnapshotHost, volumesThere } from './host.ts';
import { cool, heat, mustTakeHot, rehearseHot } from './hot.ts';
import { rehearsedBefore } from './rehearsed.ts';
import { applyRetention, outlived, readRetention, removeOlder, writeRetention } from './retention.ts';
import { Steps } from './steps.ts';
import { chosen, discardSnapshot, findSnapshot, listSnapshots } from './store.ts';
import { verifySnapshot, verifySteps } from './verify.ts';

export { branchSnapshot } from './branch.ts';
export { renewHot } from './hot.ts';
export { recover } from './recover.ts';
export { restoreSnapshot } from './restore.ts';
export { findSnapshot, listSnapshots } from './store.ts';

export async function create(
  host: SnapshotHost,
  { name, note, hot = false }: Pick<SnapshotRequest, 'name' | 'note'> & { readonly hot?: boolean },
  run: Run,
): Promise<Snapshot> {
  if (hot) await mustBecomeHot(host);
  const request = {
    name: worded(name, snapshotNameLength, 'name'),
    note: worded(note, snapshotNoteLength, 'note'),
    cause: 'asked' as const,
  };
  const taken = (await listSnapshots(host.folder)).find((entry) => {
    return request.name !== null && (entry.id === request.name || (entry.state === 'whole' && entry.snapshot.name === request.name));
  });
  if (taken) {
    throw new NoodleError({
      code: 'conflict',
      what: `There is a snapshot "${request.name}" already: ${taken.id}.`,
      todo: 'Give another name, or delete that one first.',
      command: `noodlebox snapshot delete ${taken.id}`,
    });
  }
  const made = await takeSnapshot(host, request, run);
  if (hot) await heat(host, made, run);
  await applyRetention(host, run, [made.id]);
  return made;
}

/** Where there are no data, taking it says so. */
async function mustBecomeHot(host: SnapshotHost): Promise<void> {
  const there = volumesThere(host.definition, await host.runtime.observe(host.definition));
  if (there.length > 0) await mustTakeHot(host, there.map(live));
}

/** What deletes data and keeps them as a snapshot before. */
export type SafetyCause = 'before-reset' | 'before-down' | 'before-backup-restore';

/** Before something deletes the stack's data. Nothing when there are none. @returns its id @throws NoodleError as `takeSnapshot` does, saying how to do without */
export async function safetySnapshot(host: SnapshotHost, cause: SafetyCause, run: Run): Promise<string | undefined> {
  const observed = await host.runtime.observe(host.definition, run.signal);
  if (volumesThere(host.definition, observed).length === 0) return undefined;
  let made: string;
  try {
    const { id } = await takeSnapshot(host, { name: null, note: null, cause }, run);
    made = id;
    run.onEvent({ type: 'notice', level: 'info', message: `The data are kept as snapshot ${id}: noodlebox snapshot restore ${id}` });
  } catch (error) {
    if (!(error instanceof NoodleError) || error.code === 'cancelled') throw error;
    const todo = [error.problem.todo, 'To delete the data without a snapshot, give --no-snapshot.'].filter(Boolean).join(' ');
    throw new NoodleError(
      { ...error.problem, what: `No snapshot of the data could be taken, so nothing was deleted. ${error.problem.what}`, todo },
      { cause: error },
    );
  }
  await removeOlder(host, 'safety', { except: [made] });
  return made;
}

/** @param rehearsed whether its servers are started on a copy, too */
export async function verify(host: SnapshotHost, asked: string, run: Run, rehearsed: boolean): Promise<void> {
  const snapshot = await findSnapshot(host.folder, asked);
  if (rehearsed) await rehearse(host, snapshot, run);
  else await verifySnapshot(host, snapshot, new Steps(host.stack, run, verifySteps(snapshot)));
}

/** What is left for after a restore from a ready copy; the restore itself is finished by `recover`. */
export async function tidy(host: SnapshotHost, run: Run): Promise<void> {
  await applyRetention(host, run);
  await rehearseHot(host, run);
}

/** Keeps a ready copy of it, or no more. */
export async function setHot(host: SnapshotHost, asked: string, on: boolean, run: Run): Promise<void> {
  const snapshot = await findSnapshot(host.folder, asked);
  if (!on) return cool(host, snapshot);
  await mustTakeHot(host, placesOf(host, snapshot));
  await heat(host, snapshot, run);
}

/** Also one that cannot be read. */
export async function remove(host: SnapshotHost, asked: string, run: Run): Promise<void> {
  const { id } = chosen(await listSnapshots(host.folder), asked);
  const steps = new Steps(host.stack, run, [{ kind: 'discard', target: id, cause: 'asked to delete it' }]);
  await steps.do('discard', id, () => discardSnapshot(host, id));
}

/** @param asked another retention, to be tried; undefined: the one that is set */
export async function retention(host: SnapshotHost, asked?: SnapshotRetention): Promise<RetentionOutlook> {
  const says = asked ?? (await readRetention(host.folder));
  return { retention: says, goes: [...outlived(await listSnapshots(host.folder), says, Date.now())] };
}

/** Deletes nothing by itself: that is for the next snapshot or restore. */
export async function setRetention(host: SnapshotHost, asked: SnapshotRetention): Promise<RetentionOutlook> {
  await writeRetention(host.folder, asked);
  return retention(host);
}

/** What an act will do and lose, in words. */
export async function outlook(
  host: SnapshotHost,
  asked: string,
  act: 'restore' | 'delete' | 'branch',
  now: () => Promise<readonly string[]>,
): Promise<SnapshotOutlook> {
  const entry = chosen(await listSnapshots(host.folder), asked);
  if (entry.state === 'unreadable')
    return { does: [], loses: [`the snapshot ${entry.id}, which cannot be read (${entry.why})`], rehearsed: null };
  const { snapshot } = entry;
  const held = snapshot.services.flatMap(({ service, store }) => {
    const counts = store?.counts.filter(({ rows }) => rows > 0) ?? [];
    return counts.length > 0 ? [`${service}: ${counts.map(({ name, rows }) => `${rows.toLocaleString('en')} ${name}`).join(', ')}`] : [];
  });
  if (act === 'delete') return { does: [freed(entry)], loses: [`the snapshot ${labelOf(snapshot)}`, ...held], rehearsed: null };
  const services = [...new Set(snapshot.volumes.flatMap((volume) => volume.services))];
  if (act === 'branch') {
    const { most } = spaceOf(snapshot);
    return {
      does: [
        `copies ${mebibytes(most)} and starts ${services.join(', ')} on the copy, as a stack of its own with ports of its own`,
        'it has the passwords of this stack: the data hold them',
      ],
      loses: [],
      rehearsed: null,
    };
  }
  const rehearsed = await rehearsedBefore(host, snapshot, services, new AbortController().signal);
  return {
    does: [
      rehearsed
        ? 'needs no rehearsal: these servers have opened it before'
        : `starts ${services.join(', ')} on a copy beside the stack, and goes on only if they open it`,
      `stops ${services.join(', ')}, puts the data of ${new Date(snapshot.createdAt).toISOString()} in place and starts them again`,
      'keeps the data of now as a snapshot until the next restore',
    ],
    loses: [...(await now())],
    rehearsed: rehearsed?.at ?? null,
  };
}

function freed({ snapshot, hot }: Extract<SnapshotEntry, { state: 'whole' }>): string {
  const { least, most } = spaceOf(snapshot, hot);
  if (least === most) return `sets ${mebibytes(most)} free`;
  return `sets between ${mebibytes(least)} and ${mebibytes(most)} free: the rest may still be shared with other data`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`;
}

export function labelOf({ id, name }: Snapshot): string {
  return name === null ? id : `"${name}" (${id})`;
}
