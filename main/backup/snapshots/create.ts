/** Taking a snapshot: the services stand still together while their volumes are copied, and no longer. */
import type { SeedState } from '../../../preload/contract/models.ts';
import type { Snapshot, SnapshotCause } from '../../../preload/contract/snapshots.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { CopyRoom, VolumeEntry } from '../../runtime/copies.ts';
import type { Observed } from '../../runtime/runtime.ts';
import type { VolumeSpec } from '../../runtime/spec.ts';
import { needlessIn } from '../../services/needless.ts';
import { allOf } from '../all-of.ts';
import { newId } from '../choose.ts';
import { type EntriesByVolume, sha256, writeList } from './file-list.ts';
import { kept, live, mountingServices, type Run, type SnapshotHost, volumesThere } from './host.ts';
import { type Draft, removeJournal, writeJournal } from './journal.ts';
import { type Step, Steps } from './steps.ts';
import { beginSnapshot, discardSnapshot, finishSnapshot, sealed } from './store.ts';

export interface SnapshotRequest {
  readonly name: string | null;
  readonly note: string | null;
  readonly cause: SnapshotCause;
}

/** The caller holds the stack's lock. @throws NoodleError not-found (nothing to keep), disk-full, cancelled; nothing is left of it then */
export async function takeSnapshot(host: SnapshotHost, request: SnapshotRequest, run: Run): Promise<Snapshot> {
  const { runtime, definition, stack, folder } = host;
  const observed = await runtime.observe(definition, run.signal);
  const volumes = volumesThere(definition, observed);
  if (volumes.length === 0) {
    throw new NoodleError({
      code: 'not-found',
      what: `${stack} has no data yet.`,
      todo: 'Bring it up first.',
      command: `noodlebox up --stack ${stack}`,
    });
  }
  const services = observed.instances.filter(({ state }) => state === 'running').map(({ service }) => service);
  const steps = new Steps(stack, run, stepsOf(volumes, services));
  for (const left of leftOut(host)) steps.notice('warn', left);

  const id = newId(Date.now());
  await beginSnapshot(folder, id);
  try {
    const draft = await steps.do('count', null, async () => {
      const counted = await draftOf(host, request, id, observed, run.signal);
      // Afterwards: to count may write.
      await host.letGo(services, run.signal);
      return counted;
    });
    const room = await runtime.copies.open(definition, {
      read: volumes.map(live),
      write: volumes.map((volume) => kept(id, volume)),
    });
    try {
      const sizes = await steps.do('measure', null, () => fitting(host, room, volumes));
      const moment = await copyAtOneMoment(host, room, id, volumes, sizes, services, steps);
      const entries = await readCopies(room, id, volumes, sizes, steps);
      const { shared, ...facts } = moment;
      return await finish(host, { ...draft, ...facts }, volumes, entries, shared);
    } finally {
      await room.close();
    }
  } catch (error) {
    // What cannot be cleared away now is by the next command.
    await discardSnapshot(host, id).catch(() => {});
    throw asNoodleError(error);
  }
}

function stepsOf(volumes: readonly VolumeSpec[], services: readonly string[]): readonly Step[] {
  const all = (kind: Step['kind'], cause: string) => volumes.map(({ key }) => ({ kind, target: key, cause }));
  return [
    { kind: 'count', target: null, cause: 'what the stores hold is written down' },
    { kind: 'measure', target: null, cause: 'there has to be room for it' },
    ...(services.length > 0 ? [{ kind: 'pause' as const, target: null, cause: `${services.join(', ')} stand still together` }] : []),
    ...all('copy', 'the snapshot'),
    ...(services.length > 0 ? [{ kind: 'unpause' as const, target: null, cause: 'the copy is made' }] : []),
    ...all('verify', 'every file is hashed'),
  ];
}

/** Data that a snapshot does not hold, so that nobody counts on it. */
function leftOut({ definition }: SnapshotHost): readonly string[] {
  const external = Object.values(definition.volumes).filter((volume) => volume.external);
  const binds = Object.values(definition.services).flatMap(({ name, mounts }) =>
    mounts.flatMap((mount) => (mount.type === 'bind' && !mount.readOnly ? [`${name}: ${mount.source}`] : [])),
  );
  return [
    ...external.map(({ name }) => `The external volume ${name} is not in the snapshot.`),
    ...binds.map((bind) => `A folder of this machine is not in the snapshot (${bind}).`),
  ];
}

export async function draftOf(
  host: SnapshotHost,
  { name, note, cause, of = null }: SnapshotRequest & { readonly of?: string | null },
  id: string,
  observed: Observed,
  signal: AbortSignal,
): Promise<Draft> {
  const { definition, specHashes } = host;
  const [states, versions] = await Promise.all([host.states(signal), host.versions()]);
  signal.throwIfAborted();
  const now = Date.now();
  const answered = states.filter(({ state }) => state !== 'unreachable');
  return {
    format: 1,
    id,
    name,
    note,
    cause,
    of,
    stack: host.stack,
    runtime: host.runtime.kind,
    createdAt: now,
    countedAt: answered.length > 0 ? now : null,
    pause: null,
    copying: 0,
    definition: sha256(JSON.stringify(Object.entries(specHashes).sort())),
    services: Object.values(definition.services).map((spec) => {
      const instance = observed.instances.find(({ service }) => service === spec.name);
      return {
        service: spec.name,
        kind: spec.kind ?? null,
        version: versions.get(spec.name) ?? null,
        image: instance?.image || spec.image,
        specHash: specHashes[spec.name] ?? '',
        ran: instance?.state === 'running',
        store: storeOf(answered.find(({ service }) => service === spec.name)),
      };
    }),
  };
}

function storeOf(state: SeedState | undefined): Draft['services'][number]['store'] {
  if (!state) return null;
  const { state: how, migrations, scale, seed, counts } = state;
  return { state: how, migrations, scale, seed, counts };
}

/** @returns bytes by volume @throws NoodleError disk-full when they would not fit */
async function fitting({ definition }: SnapshotHost, room: CopyRoom, volumes: readonly VolumeSpec[]): Promise<ReadonlyMap<string, number>> {
  const size = (volume: VolumeSpec) => room.size(live(volume), needlessIn(definition, volume.key));
  const sizes = new Map(await Promise.all(volumes.map(async (volume) => [volume.key, await size(volume)] as const)));
  mustFit(
    [...sizes.values()].reduce((sum, size) => sum + size, 0),
    await room.free(),
  );
  return sizes;
}

/** @param needed bytes @param free bytes */
export function mustFit(needed: number, free: number): void {
  if (needed + limits.snapshotSpare <= free) return;
  const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MiB`;
  throw new NoodleError({
    code: 'disk-full',
    what: 'There is not enough room on the disk for this.',
    why: `${mebibytes(needed)} are needed and ${mebibytes(limits.snapshotSpare)} are to stay free; ${mebibytes(free)} are there.`,
    todo: 'Free some space, for example by deleting a snapshot that nobody needs.',
    command: 'noodlebox snapshot list',
  });
}

async function copyAtOneMoment(
  host: SnapshotHost,
  room: CopyRoom,
  id: string,
  volumes: readonly VolumeSpec[],
  sizes: ReadonlyMap<string, number>,
  services: readonly string[],
  steps: Steps,
): Promise<Pick<Snapshot, 'createdAt' | 'pause' | 'copying'> & { readonly shared: SharedBytes }> {
  const { runtime, definition, stack, folder } = host;
  const copyAll = async () => {
    const begun = performance.now();
    const createdAt = Date.now();
    const shared = await allOf(
      volumes.map((volume) =>
        steps.do(
          'copy',
          volume.key,
          (work) => room.copy(live(volume), kept(id, volume), work, needlessIn(definition, volume.key)),
          sizes.get(volume.key),
        ),
      ),
    );
    const byKey = new Map(volumes.map(({ key }, at) => [key, shared[at]]));
    return { createdAt, copying: Math.round(performance.now() - begun), shared: byKey };
  };
  if (services.length === 0) return { ...(await copyAll()), pause: null };

  steps.signal.throwIfAborted();
  await writeJournal(folder, { act: 'pause', snapshot: id, services });
  const begun = performance.now();
  let copied: Awaited<ReturnType<typeof copyAll>>;
  let pause = 0;
  try {
    await steps.do('pause', null, () => allOf(services.map((service) => runtime.pause(stack, service))));
    copied = await copyAll();
  } finally {
    // Also after an error and a cancel. Should it fail, the journal stays, and the next command tries again.
    await steps.do('unpause', null, () => allOf(services.map((service) => runtime.unpause(stack, service))));
    pause = Math.round(performance.now() - begun);
    await removeJournal(folder);
  }
  return { ...copied, pause };
}

/** From the copies, so that what they say is what is kept. */
export async function readCopies(
  room: CopyRoom,
  set: string,
  volumes: readonly { readonly key: string; readonly name: string }[],
  sizes: ReadonlyMap<string, number>,
  steps: Steps,
): Promise<EntriesByVolume> {
  const places = volumes.map((volume) => kept(set, volume));
  const readAll = async () => {
    const entries = new Map<string, readonly VolumeEntry[]>();
    for (const [at, { key }] of volumes.entries()) {
      entries.set(key, await steps.do('verify', key, (work) => room.entries(places[at]!, work), sizes.get(key)));
    }
    return entries;
  };
  // To write them to the disk is its work, to hash them the processor's.
  const reading = readAll();
  await allOf<unknown>([reading, room.sync(places)]);
  return reading;
}

/** bytes that are shared with other data, by the key of the volume; undefined: not known */
type SharedBytes = ReadonlyMap<string, number | undefined>;

/** Writes the manifest: from here on it is a snapshot. */
export async function finish(
  host: SnapshotHost,
  draft: Draft,
  volumes: readonly { readonly key: string; readonly name: string }[],
  entries: EntriesByVolume,
  shared: SharedBytes = new Map(),
): Promise<Snapshot> {
  const list = writeList(entries);
  const snapshot = sealed({
    ...draft,
    volumes: volumes.map(({ key, name }) => {
      const files = (entries.get(key) ?? []).filter(({ type }) => type === 'file');
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      const about = { key, name, services: [...mountingServices(host.definition, key)], files: files.length, bytes };
      const known = shared.get(key);
      return known === undefined ? about : { ...about, shared: known };
    }),
    files: sha256(list),
  });
  await finishSnapshot(host.folder, snapshot, list);
  return snapshot;
}
