/**
 * The live data go aside and others take their place, or come back: by a change of names where the journal says so (they lie
 * in a set of their own then), else by copying. Nothing runs on these volumes meanwhile.
 */
import type { Snapshot } from '../../../preload/contract/snapshots.ts';
import type { CopyWork, OpenPlaces, VolumePlace } from '../../runtime/copies.ts';
import { allOf } from '../all-of.ts';
import { kept, live, type SnapshotHost } from './host.ts';
import type { RestoreJournal, RestoreStep } from './journal.ts';
import type { Steps } from './steps.ts';

/** The services stop, the old data go into their set, the snapshot's come in. @param begin told before each of the three */
export async function swap(
  host: SnapshotHost,
  snapshot: Snapshot,
  journal: RestoreJournal,
  begin: (step: RestoreStep) => Promise<void>,
  steps: Steps,
): Promise<void> {
  const had = journal.volumes.filter((volume) => volume.had);
  const olds = had.map((volume) => kept(journal.kept, volume));
  const source = (volume: RestoreJournal['volumes'][number]) =>
    kept(journal.stage ?? snapshot.id, { key: volume.key, name: volume.nameThen });
  const target = (volume: RestoreJournal['volumes'][number]) => live(host.definition.volumes[volume.key]!);
  const kind = journal.stage === null ? 'copy' : 'swap';
  await begin('stopping');
  // Side by side: services are to be down no longer than they have to.
  const opening = openSwap(host, journal, { read: journal.volumes.map(source), write: [...journal.volumes.map(target), ...olds] });
  const [stopped, opened] = await Promise.allSettled([host.stop(journal.services, steps.nested()), opening]);
  if (opened.status === 'rejected') throw opened.reason;
  const room = opened.value;
  try {
    if (stopped.status === 'rejected') throw stopped.reason;
    await begin('keeping');
    await steps.do('keep', null, async ({ signal }) => {
      await allOf(had.map((volume, at) => room.put(target(volume), olds[at]!, { signal, progress: () => {} })));
      await room.sync(olds);
    });
    await begin('placing');
    await allOf(
      journal.volumes.map((volume, at) =>
        steps.do(kind, volume.key, (work) => room.put(source(volume), target(volume), work), snapshot.volumes[at]!.bytes),
      ),
    );
  } finally {
    await room.close();
  }
}

/** The old data are the live ones again. @param volumes those whose old data are in their set */
export async function putBack(host: SnapshotHost, journal: RestoreJournal, volumes: RestoreJournal['volumes']): Promise<void> {
  if (volumes.length === 0) return;
  const from = volumes.map((volume) => kept(journal.kept, volume));
  const to = volumes.map(({ key }) => live(host.definition.volumes[key]!));
  const uncancelled: CopyWork = { signal: new AbortController().signal, progress: () => {} };
  const room = await openSwap(host, journal, { read: from, write: to });
  try {
    await allOf(from.map((place, at) => room.put(place, to[at]!, uncancelled)));
    await room.sync(to);
  } finally {
    await room.close();
  }
}

interface SwapRoom {
  put(from: VolumePlace, to: VolumePlace, work: CopyWork): Promise<void>;
  sync(places: readonly VolumePlace[]): Promise<void>;
  close(): Promise<void>;
}

async function openSwap({ runtime, definition }: SnapshotHost, { stage }: RestoreJournal, places: OpenPlaces): Promise<SwapRoom> {
  if (stage !== null) {
    const room = await runtime.copies.openMoves(definition, places);
    // What is moved is on the disk.
    return { put: (from, to) => room.move(from, to), sync: async () => {}, close: () => room.close() };
  }
  const room = await runtime.copies.open(definition, places);
  return { ...room, put: async (from, to, work) => void (await room.copy(from, to, work)) };
}
