/**
 * Which snapshots go by themselves. Those that something made before it deleted data have rules of their own; those that
 * a person asked for go only where the person's retention of this stack says so. The newest of all stays in any case.
 */
import { join } from 'node:path';
import { type Snapshot, type SnapshotEntry, SnapshotRetention, spaceOf } from '../../../preload/contract/snapshots.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import { readJson, writeFileAtomic } from '../../home/files.ts';
import { limits } from '../../limits.ts';
import type { Run, SnapshotHost } from './host.ts';
import { discardSnapshot, listSnapshots } from './store.ts';

type Group = 'before-restore' | 'safety';

export const keepAll: SnapshotRetention = { count: null, days: null, bytes: null, named: false };

function file(folder: string): string {
  return join(folder, 'retention.json');
}

/** @throws NoodleError file-unreadable */
export async function readRetention(folder: string): Promise<SnapshotRetention> {
  const read = await readJson(file(folder), (value) => SnapshotRetention.parse(value));
  if (read.state === 'missing') return keepAll;
  if (read.state === 'read') return read.value;
  throw new NoodleError({
    code: 'file-unreadable',
    what: `${file(folder)} cannot be understood, so no snapshot is deleted by itself.`,
    why: read.why,
    todo: 'Set it again.',
    command: 'noodlebox snapshot keep --all',
  });
}

export async function writeRetention(folder: string, retention: SnapshotRetention): Promise<void> {
  await writeFileAtomic(file(folder), `${JSON.stringify(retention, null, 2)}\n`, 0o600);
}

/** Deletes those of a group that newer ones have made needless. What a person asked for or named is never one. */
export async function removeOlder(
  host: SnapshotHost,
  group: Group,
  { except = [] }: { readonly except?: readonly string[] } = {},
): Promise<void> {
  for (const id of needless(await listSnapshots(host.folder), group)) if (!except.includes(id)) await discardSnapshot(host, id);
}

/** Deletes what the person's retention lets go of, and tells of each. What fails here fails nothing else. */
export async function applyRetention(host: SnapshotHost, { onEvent, signal }: Run, except: readonly string[] = []): Promise<void> {
  try {
    const retention = await readRetention(host.folder);
    for (const { id, why } of outlived(await listSnapshots(host.folder), retention, Date.now())) {
      if (signal.aborted) return;
      if (except.includes(id)) continue;
      await discardSnapshot(host, id);
      onEvent({ type: 'notice', level: 'info', message: `Snapshot ${id} was deleted by the retention of ${host.stack}: ${why}.` });
    }
  } catch (error) {
    onEvent({ type: 'notice', level: 'warn', message: asNoodleError(error).message });
  }
}

/** @param entries newest first */
export function needless(entries: readonly SnapshotEntry[], group: Group): readonly string[] {
  const own = entries.filter((entry) => entry.state === 'whole' && groupOf(entry.snapshot) === group);
  return own.slice(group === 'safety' ? limits.snapshotsSafety : 1).map(({ id }) => id);
}

function groupOf({ cause, name }: Snapshot): Group | undefined {
  if (cause === 'asked' || cause === 'recovered' || name !== null) return undefined;
  return cause === 'before-restore' ? 'before-restore' : 'safety';
}

/** @param entries newest first @param now ms since the epoch */
export function outlived(
  entries: readonly SnapshotEntry[],
  { count, days, bytes, named }: SnapshotRetention,
  now: number,
): readonly { readonly id: string; readonly why: string }[] {
  let kept = 0;
  let size = 0;
  /** The data that the last restore replaced stay until the next one. */
  let replaced = false;
  return entries.flatMap((entry, at) => {
    if (entry.state !== 'whole') return [];
    const { snapshot } = entry;
    const own = spaceOf(snapshot, entry.hot).most;
    const last = entries.slice(0, at).every(({ state }) => state !== 'whole');
    const undoing = groupOf(snapshot) === 'before-restore' && !replaced;
    replaced ||= undoing;
    // To mark one hot says as much as a name.
    const free = last || undoing || ((snapshot.name !== null || entry.hot !== null) && !named);
    const why = free ? undefined : reason();
    if (why) return [{ id: entry.id, why }];
    kept++;
    size += own;
    return [];

    function reason(): string | undefined {
      if (count !== null && kept >= count) return `${count} newer ones are there`;
      if (days !== null && now - snapshot.createdAt > days * day) return `it is older than ${days} ${days === 1 ? 'day' : 'days'}`;
      if (bytes !== null && size + own > bytes) return 'the newer ones take the space that all may have';
      return undefined;
    }
  });
}

const day = 86_400_000;
