/** How many of the snapshots that nobody asked for are kept. */
import type { Snapshot, SnapshotEntry } from '../../../preload/contract/snapshots.ts';
import { limits } from '../../limits.ts';
import type { SnapshotHost } from './host.ts';
import { discardSnapshot, listSnapshots } from './store.ts';

type Group = 'before-restore' | 'safety';

/** Deletes those of a group that newer ones have made needless. What a person asked for or named is never one. */
export async function removeOlder(
  host: SnapshotHost,
  group: Group,
  { except = [] }: { readonly except?: readonly string[] } = {},
): Promise<void> {
  for (const id of needless(await listSnapshots(host.folder), group)) if (!except.includes(id)) await discardSnapshot(host, id);
}

/** @param entries newest first */
export function needless(entries: readonly SnapshotEntry[], group: Group): readonly string[] {
  const own = entries.filter((entry) => entry.state === 'whole' && groupOf(entry.snapshot) === group);
  return own.slice(group === 'safety' ? limits.snapshotsSafety : 1).map(({ id }) => id);
}

function groupOf({ cause, name }: Snapshot): Group | undefined {
  if (cause === 'asked' || name !== null) return undefined;
  return cause === 'before-restore' ? 'before-restore' : 'safety';
}
