/** Copies of an engine's volumes, in volumes of their own that carry the stack's and the set's name as labels. */

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VolumeInspectInfo } from 'dockerode';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { CopyRoom, CopyWork, MoveRoom, OpenPlaces, VolumeCopies, VolumePlace } from '../../copies.ts';
import type { Definition } from '../../spec.ts';
import type { EngineClient } from '../engine/client.ts';
import { refusedWith } from '../engine/refusal.ts';
import { createVolume } from '../lifecycle.ts';
import { label } from '../names.ts';
import { type Helper, removeHelpers, startHelper } from './helper.ts';
import { entriesFrom, hashCommand, linkCommand, listCommand } from './listing.ts';
import { heldVolumes, makeBlank, moveData, movesBetween, startMover } from './moves.ts';

/** @param isPodman its volumes are kept alike, but moving them could not be tried */
export function dockerCopies(engine: EngineClient, isPodman: boolean): VolumeCopies {
  return {
    async movesAtOnce(definition, places) {
      if (isPodman) return { atOnce: false, why: 'the engine is Podman' };
      const names = [...new Set(places.map((place) => engineName(definition.name, place)))];
      const volumes = await Promise.all(names.map((name) => inspectVolume(engine, name)));
      return movesBetween(
        engine,
        definition,
        volumes.filter((volume) => volume !== undefined),
      );
    },
    async open(definition, places) {
      const { read, write, aside = false } = places;
      const stack = definition.name;
      await makeReady(engine, stack, places);
      const targets = new Map<string, string>();
      const mounts = [...write, ...read].flatMap((place) => {
        const volume = engineName(stack, place);
        if (targets.has(volume)) return [];
        targets.set(volume, `/noodlebox/${targets.size}`);
        return [{ volume, target: targets.get(volume)!, readOnly: !write.includes(place) }];
      });
      const helper = await startHelper(engine, definition, mounts, aside ? { labels: { [label.aside]: definition.name } } : {});
      return room(helper, (place) => targets.get(engineName(stack, place))!);
    },
    async openMoves(definition, places) {
      await makeReady(engine, definition.name, places);
      return moveRoom(engine, definition, places);
    },
    kept: async (stack, set) => (await volumesOf(engine, stack, set)).map(({ Labels }) => Labels[label.copyOf] ?? ''),
    async moved(definition, set) {
      const volumes = await volumesOf(engine, definition.name, set);
      if (volumes.length === 0) return [];
      const mover = await startMover(engine, definition, volumes);
      try {
        const held = await heldVolumes(
          mover,
          volumes.map(({ Name }) => Name),
        );
        return volumes.filter(({ Name }) => held.includes(Name)).map(({ Labels }) => Labels[label.copyOf] ?? '');
      } finally {
        await mover.remove();
      }
    },
    async removeSet(stack, set) {
      const names = (await volumesOf(engine, stack, set)).map(({ Name }) => Name);
      if (names.length > 0) await removeHelpers(engine, stack, { volumes: names });
      for (const name of names) await removeVolume(engine, name);
    },
    clear: (stack, of) => removeHelpers(engine, stack, { aside: of === 'aside' }),
  };
}

function room(helper: Helper, at: (place: VolumePlace) => string): CopyRoom {
  const copy: CopyRoom['copy'] = async (from, to, work) => {
    const done = new AbortController();
    const looking = watch(helper, at(to), work, done.signal);
    try {
      await helper.run(['/bin/sh', '-c', copyCommand, 'sh', at(from), at(to)], `copy ${from.volume.key}`, { signal: work.signal });
      // `cp` does it by reference where it can, and does not tell.
      return undefined;
    } finally {
      done.abort();
      await looking;
    }
  };
  return {
    size: (place) => diskUsage(helper, at(place)),
    async free() {
      let text = '';
      await helper.run(['df', '-Pk', '/noodlebox/0'], 'see how much space is left', {
        sink: (part) => {
          text += part;
        },
      });
      return Number(text.trim().split('\n').at(-1)?.split(/\s+/)[3] ?? Number.NaN) * 1024;
    },
    copy,
    // What is needless is not told on an engine: `copy` takes it along as well.
    shed: async () => {},
    sync: () => helper.run(['sync'], 'write the copies to the disk'),
    async entries(place, { signal, progress }) {
      const [listed, hashes, links] = await Promise.all(
        [listCommand, hashCommand, linkCommand].map(async (command) => {
          const parts: string[] = [];
          const script = ['/bin/sh', '-c', command, 'sh', at(place)];
          await helper.run(script, `read ${place.volume.key}`, { signal, sink: (part) => void parts.push(part) });
          return parts.join('');
        }),
      );
      const entries = entriesFrom(listed!, hashes!, links!);
      progress(entries.reduce((sum, { size }) => sum + size, 0));
      return entries;
    },
    async stamp(place, { signal }) {
      const hash = createHash('sha256');
      const script = `cd "$1" && find . -mindepth 1 -exec stat -c '%i %f %u %g %s %y %z %n' {} + | sort`;
      await helper.run(['/bin/sh', '-c', script, 'sh', at(place)], `look at ${place.volume.key}`, {
        signal,
        sink: (part) => hash.update(part),
      });
      return hash.digest('hex');
    },
    close: () => helper.remove(),
  };
}

async function moveRoom(engine: EngineClient, definition: Definition, { read, write }: OpenPlaces): Promise<MoveRoom> {
  const at = (place: VolumePlace) => engineName(definition.name, place);
  const volumes = await Promise.all([...read, ...write].map((place) => inspectVolume(engine, at(place))));
  const mover = await startMover(
    engine,
    definition,
    volumes.filter((volume) => volume !== undefined),
  );
  try {
    await makeBlank(mover, write.filter(({ kind }) => kind === 'kept').map(at));
  } catch (error) {
    await mover.remove();
    throw error;
  }
  return { move: (from, to) => moveData(mover, at(from), at(to)), close: () => mover.remove() };
}

/** Whatever was in the second folder goes first. `cp -a` keeps owners, permissions, times and links; sockets are of no use to a copy. */
const copyCommand = `set -e; find "$2" -mindepth 1 -maxdepth 1 -exec rm -rf {} +; cp -a "$1/." "$2/"; find "$2" \\( -type s -o -type p \\) -exec rm -f {} +`;

/** Tells how much has arrived, until it is done; small copies are over before the first look. */
async function watch(helper: Helper, target: string, { progress, signal }: CopyWork, done: AbortSignal): Promise<void> {
  const ended = AbortSignal.any([done, signal]);
  try {
    while (!ended.aborted) {
      await sleep(limits.copyLook, undefined, { signal: ended });
      progress(await diskUsage(helper, target, ended));
    }
  } catch {
    // Only the telling ends.
  }
}

/** bytes */
async function diskUsage(helper: Helper, folder: string, signal?: AbortSignal): Promise<number> {
  let text = '';
  await helper.run(['du', '-sk', folder], 'measure a volume', {
    signal,
    sink: (part) => {
      text += part;
    },
  });
  return Number.parseInt(text, 10) * 1024;
}

export function engineName(stack: string, place: VolumePlace): string {
  return place.kind === 'kept' ? `${stack}_snapshot_${place.set}_${place.volume.key}` : place.volume.name;
}

async function volumesOf(engine: EngineClient, stack: string, set: string): Promise<readonly VolumeInspectInfo[]> {
  const filters = { label: [`${label.stack}=${stack}`, `${label.snapshot}=${set}`] };
  const { Volumes } = await engine.json<{ Volumes: VolumeInspectInfo[] | null }>({
    path: '/volumes',
    query: { filters },
    doing: `list the copies in ${set}`,
  });
  return Volumes ?? [];
}

export async function makeVolume(engine: EngineClient, stack: string, place: VolumePlace): Promise<void> {
  if (place.kind !== 'kept') return createVolume(engine, place.kind === 'beside' ? place.stack : stack, place.volume);
  const Name = engineName(stack, place);
  const Labels = { [label.stack]: stack, [label.snapshot]: place.set, [label.copyOf]: place.volume.name };
  await engine.run({ method: 'POST', path: '/volumes/create', body: { Name, Labels }, doing: `create the volume ${Name}` });
}

async function makeReady(engine: EngineClient, stack: string, { read, write }: OpenPlaces): Promise<void> {
  for (const place of read) await mustBeThere(engine, stack, place);
  for (const place of write) await makeVolume(engine, stack, place);
}

/** An engine would make a volume that is mounted and not there: an empty one, in place of the data. */
async function mustBeThere(engine: EngineClient, stack: string, place: VolumePlace): Promise<void> {
  const name = engineName(stack, place);
  if (await inspectVolume(engine, name)) return;
  throw new NoodleError({
    code: 'not-found',
    what: `The data of ${place.volume.key} are not there.`,
    why: `The engine has no volume ${name}.`,
  });
}

/** undefined when there is no such volume */
async function inspectVolume(engine: EngineClient, name: string): Promise<VolumeInspectInfo | undefined> {
  try {
    return await engine.json<VolumeInspectInfo>({ path: `/volumes/${encodeURIComponent(name)}`, doing: `look for the volume ${name}` });
  } catch (error) {
    if (refusedWith(error, 404)) return undefined;
    throw error;
  }
}

export async function removeVolume(engine: EngineClient, name: string): Promise<void> {
  const deadline = Date.now() + limits.removalWait;
  for (;;) {
    try {
      return await engine.run({ method: 'DELETE', path: `/volumes/${encodeURIComponent(name)}`, doing: `remove the volume ${name}` });
    } catch (error) {
      if (refusedWith(error, 404)) return;
      // A helper that is just being removed still holds it.
      if (!refusedWith(error, 409) || Date.now() > deadline) throw error;
      await sleep(limits.probeInterval);
    }
  }
}
