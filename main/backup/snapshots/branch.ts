/** A snapshot opened as a second stack beside the first: servers of its own on a copy of the data, the first one untouched. */
import { randomBytes } from 'node:crypto';
import type { Snapshot } from '../../../preload/contract/snapshots.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import type { VolumePlace } from '../../runtime/copies.ts';
import { mustStandApart } from '../../stack/apart.ts';
import { allOf } from '../all-of.ts';
import { checkRestored, type Versions } from './check.ts';
import { mustFit } from './create.ts';
import { type BesideStack, kept, type Run, type SnapshotHost, servicesIn } from './host.ts';
import { removeJournal, writeJournal } from './journal.ts';
import { rehearsedBefore, writeRehearsed } from './rehearsed.ts';
import { type Step, Steps } from './steps.ts';
import { beginSnapshot, discardSnapshot, findSnapshot } from './store.ts';
import { mustBeOf, verifySnapshot, verifySteps } from './verify.ts';

export interface Branch {
  /** Its name. */
  readonly stack: string;
  /** Where its services are reached, without secrets, by service. */
  readonly urls: Readonly<Record<string, string>>;
}

/**
 * The caller holds the stack's lock. The branch has the passwords of the first stack, because its data hold them.
 * @param name null: one made of the stack's and the snapshot's
 * @throws NoodleError conflict (the name is taken), snapshot-damaged, disk-full, cancelled; nothing is left of it then
 */
export async function branchSnapshot(host: SnapshotHost, asked: string, name: string | null, run: Run): Promise<Branch> {
  const snapshot = await findSnapshot(host.folder, asked);
  const stack = name ?? branchName(host.stack, snapshot);
  await mustBeFree(host, stack);
  const services = servicesOf(host, snapshot);
  const steps = new Steps(host.stack, run, [...verifySteps(snapshot), ...besideSteps(snapshot, services)]);
  const verified = () => verifySnapshot(host, snapshot, steps);
  return beside(host, snapshot, { name: stack, services, stays: true, verified }, steps, async (opened, versions) => {
    await remembered(host, snapshot, opened, versions);
    const connections = await Promise.all(
      services.filter((service) => opened.definition.services[service]?.kind).map((service) => opened.connection(service)),
    );
    return { stack, urls: Object.fromEntries(connections.map(({ kind, maskedUrl }) => [kind, maskedUrl])) };
  });
}

/**
 * Whether its files are whole and its servers open them: they are started on a copy beside the stack, asked for what they
 * hold, and ended. That it went well is written down. The caller holds the stack's lock.
 * @param keep the set that the copy is moved to afterwards, where it can be (`VolumeCopies.movesAtOnce`), begun and not finished; undefined: it is cleared away
 * @returns whether any of the copy was made by reference; undefined where that is not known
 * @throws NoodleError snapshot-damaged, and whatever kept a server from opening its data
 */
export async function rehearse(host: SnapshotHost, snapshot: Snapshot, run: Run, keep?: string): Promise<boolean | undefined> {
  mustBeOf(host, snapshot);
  const services = servicesOf(host, snapshot);
  const steps = new Steps(host.stack, run, [...verifySteps(snapshot), ...besideSteps(snapshot, services, rehearsalMark)]);
  const name = `${host.stack.slice(0, 40)}-rehearsal-${randomBytes(3).toString('hex')}`;
  const verified = () => verifySnapshot(host, snapshot, steps);
  try {
    return await beside(
      host,
      snapshot,
      { name, services, stays: false, verified, mark: rehearsalMark },
      steps,
      async (opened, versions, sharing) => {
        await remembered(host, snapshot, opened, versions);
        if (keep !== undefined) await moved(host, snapshot, name, opened, keep, steps);
        return sharing;
      },
    );
  } catch (error) {
    if (keep !== undefined) await discardSnapshot(host, keep).catch(() => {});
    const { problem, code } = asNoodleError(error);
    if (code === 'cancelled' || code === 'snapshot-damaged') throw error;
    throw new NoodleError(
      {
        ...problem,
        what: `Snapshot ${snapshot.id} did not pass its rehearsal. ${problem.what}`,
        todo: [problem.todo, 'Nothing of the stack was touched; restore --no-rehearse tries it there, and takes it back should it fail.']
          .filter(Boolean)
          .join(' '),
      },
      { cause: error },
    );
  }
}

/** Whether it is to be rehearsed: the servers of now have not opened it before, and can run twice; where not, that is told. */
export async function wantsRehearsal(host: SnapshotHost, snapshot: Snapshot, run: Run): Promise<boolean> {
  const services = servicesOf(host, snapshot);
  if (await rehearsedBefore(host, snapshot, services, run.signal)) return false;
  try {
    mustStandApart(host.definition, services, host.runtime.kind);
  } catch (error) {
    const message = `Snapshot ${snapshot.id} cannot be rehearsed, and its servers are asked when they run on it. ${asNoodleError(error).problem.what}`;
    run.onEvent({ type: 'notice', level: 'warn', message });
    return false;
  }
  return true;
}

/** The copy that servers were started on becomes a set of the stack: names change, and nothing is copied. */
async function moved(host: SnapshotHost, snapshot: Snapshot, name: string, opened: BesideStack, set: string, steps: Steps): Promise<void> {
  await opened.end(steps.nested());
  await beginSnapshot(host.folder, set);
  const from = snapshot.volumes.map(({ key }): VolumePlace => ({ kind: 'beside', stack: name, volume: opened.definition.volumes[key]! }));
  const to = snapshot.volumes.map((volume) => kept(set, volume));
  const room = await host.runtime.copies.openMoves(host.definition, { read: from, write: to });
  try {
    await allOf(from.map((place, at) => room.move(place, to[at]!)));
  } finally {
    await room.close();
  }
}

/** Tells its steps from those of what comes after it. */
const rehearsalMark = ' (rehearsal)';

async function remembered(host: SnapshotHost, snapshot: Snapshot, opened: BesideStack, versions: Versions): Promise<void> {
  await writeRehearsed(host, snapshot, 'rehearsal', opened.definition, versions);
}

export interface BesideRequest {
  readonly name: string;
  /** Those whose data are copied, and which run. */
  readonly services: readonly string[];
  /** Whether it is there for good once the act has ended well. */
  readonly stays: boolean;
  /** Done while the data are copied: no server is started on them before this has ended well. */
  readonly verified?: () => Promise<void>;
  /** Stands behind the names of its steps. */
  readonly mark?: string;
}

/** Opens a snapshot beside, acts on it, and clears it away unless it stays and all went well. */
export async function beside<T>(
  host: SnapshotHost,
  snapshot: Snapshot,
  request: BesideRequest,
  steps: Steps,
  act: (opened: BesideStack, versions: Versions, sharing: boolean | undefined) => Promise<T>,
): Promise<T> {
  const { name, services, stays } = request;
  await writeJournal(host.folder, { act: 'beside', name, of: snapshot.id });
  let opened: BesideStack | undefined;
  try {
    opened = await host.beside(name, snapshot.id);
    mustStandApart(opened.definition, services, host.runtime.kind);
    const sharing = await copyTo(host, snapshot, request, opened, steps);
    await opened.up(services, steps.nested());
    const versions = await steps.do('check', name, ({ signal }) => checkRestored(opened!, snapshot, services, steps, signal));
    const result = await act(opened, versions, sharing);
    steps.signal.throwIfAborted();
    if (!stays) await cleared(host, name, steps);
    await removeJournal(host.folder);
    return result;
  } catch (error) {
    // What cannot be cleared away now is by the next command.
    await cleared(host, name, steps).then(
      () => removeJournal(host.folder),
      () => {},
    );
    throw asNoodleError(error);
  } finally {
    await opened?.close();
  }
}

export function besideSteps(snapshot: Snapshot, services: readonly string[], mark = ''): readonly Step[] {
  const volumes = volumesOf(snapshot, services);
  const from = `from snapshot ${snapshot.id}`;
  return [
    { kind: 'measure', target: null, cause: 'there has to be room for it' },
    ...volumes.map(({ key }): Step => ({ kind: 'copy', target: `${key}${mark}`, cause: from })),
  ];
}

/** Services whose data it holds, as the stack is defined now. @throws NoodleError conflict when one has no place any more */
export function servicesOf(host: SnapshotHost, snapshot: Snapshot): readonly string[] {
  const { definition, stack } = host;
  const { volumes, id } = snapshot;
  const missing = volumes.filter(({ key }) => !Object.hasOwn(definition.volumes, key) || definition.volumes[key]!.external);
  if (missing.length > 0) {
    throw new NoodleError({
      code: 'conflict',
      what: `Snapshot ${id} holds ${missing.map(({ key }) => key).join(', ')}, which ${stack} has no volume for.`,
      why: `${definition.file} no longer defines it.`,
      todo: 'Open it with the compose file that the snapshot was made with.',
    });
  }
  return servicesIn(host, snapshot);
}

function volumesOf(snapshot: Snapshot, services: readonly string[]): Snapshot['volumes'] {
  return snapshot.volumes.filter((volume) => volume.services.some((service) => services.includes(service)));
}

async function copyTo(
  host: SnapshotHost,
  snapshot: Snapshot,
  { name, services, verified, mark = '' }: BesideRequest,
  { definition }: BesideStack,
  steps: Steps,
): Promise<boolean | undefined> {
  const volumes = volumesOf(snapshot, services);
  const from = volumes.map((volume) => kept(snapshot.id, volume));
  const to = volumes.map(({ key }): VolumePlace => ({ kind: 'beside', stack: name, volume: definition.volumes[key]! }));
  const room = await host.runtime.copies.open(host.definition, { read: from, write: to });
  try {
    await steps.do('measure', null, async () => {
      mustFit(
        volumes.reduce((sum, { bytes }) => sum + bytes, 0),
        await room.free(),
      );
    });
    const copies = volumes.map(({ key, bytes }, at) =>
      steps.do('copy', `${key}${mark}`, (work) => room.copy(from[at]!, to[at]!, work), bytes),
    );
    const copied = allOf(copies);
    await allOf<unknown>([verified?.() ?? Promise.resolve(), copied.then(() => room.sync(to))]);
    return isSharing(await copied);
  } finally {
    await room.close();
  }
}

/** @param shared bytes of each copy that were made by reference */
export function isSharing(shared: readonly (number | undefined)[]): boolean | undefined {
  return shared.every((bytes) => bytes !== undefined) ? shared.some((bytes) => bytes > 0) : undefined;
}

async function cleared(host: SnapshotHost, name: string, steps: Steps): Promise<void> {
  // A cancel is no reason to leave anything.
  await host.removeBeside(name, steps.nested(new AbortController().signal));
}

/** @throws NoodleError conflict, bad-argument */
export async function mustBeFree(host: SnapshotHost, name: string): Promise<void> {
  if (await host.isFreeName(name)) return;
  throw new NoodleError({
    code: 'conflict',
    what: `There is a stack "${name}" already.`,
    todo: 'Give the branch another name.',
    command: 'noodlebox stacks',
  });
}

/** Of what a stack's name may be made of. */
export function branchName(stack: string, { id, name }: Pick<Snapshot, 'id' | 'name'>): string {
  const words = (name ?? id)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `${stack}-${words || id}`.slice(0, 63).replace(/-+$/, '');
}
