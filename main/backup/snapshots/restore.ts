/**
 * Taking a stack back to a snapshot. Nothing is touched before all of the snapshot was read and found whole, and servers
 * have opened it beside the stack, now or before (`rehearsed.ts`); each step is written into the journal before it begins;
 * what fails or is cut off is taken back (`recovery.ts`). The data that were there become a snapshot of their own.
 */
import type { Snapshot } from '../../../preload/contract/snapshots.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import type { VolumeSpec } from '../../runtime/spec.ts';
import { allOf } from '../all-of.ts';
import { newId } from '../choose.ts';
import { isSharing, rehearse, wantsRehearsal } from './branch.ts';
import { checkOpened, checkRestored, type Versions } from './check.ts';
import { draftOf, mustFit } from './create.ts';
import type { EntriesByVolume } from './file-list.ts';
import { kept, live, placesOf, type Run, type SnapshotHost, servicesIn } from './host.ts';
import { type HotCopy, takeHotCopy } from './hot.ts';
import { hotState } from './hot-file.ts';
import { type RestoreJournal, type RestoreStep, removeJournal, writeJournal } from './journal.ts';
import { readOld, runRecovery, settle } from './recover.ts';
import { writeRehearsed } from './rehearsed.ts';
import { applyRetention } from './retention.ts';
import { type Step, Steps } from './steps.ts';
import { beginSnapshot, discardSnapshot, findSnapshot } from './store.ts';
import { swap } from './swap.ts';
import { mustBeOf, verifySnapshot, verifySteps } from './verify.ts';

export interface Rehearsal {
  /** Start its servers on a copy beside the stack first: true: in any case, false: not; undefined: unless they have opened it before. */
  readonly rehearse?: boolean;
}

/**
 * The caller holds the stack's lock. All services whose data come back run afterwards.
 * @param begins told once nothing keeps the stack from being replaced any more
 * @returns the snapshot of the data that were there; undefined when there were none
 * @throws NoodleError not-found, snapshot-damaged, conflict, disk-full, cancelled and whatever kept a server from
 * opening its data: the stack is then as it was
 */
export async function restoreSnapshot(
  host: SnapshotHost,
  asked: string,
  run: Run,
  rehearsal: Rehearsal = {},
  begins: () => Promise<void> = async () => {},
): Promise<Snapshot | undefined> {
  const snapshot = await findSnapshot(host.folder, asked);
  const targets = targetsOf(host, snapshot);
  mustBeOf(host, snapshot);
  const rehearsing = rehearsal.rehearse ?? (await wantsRehearsal(host, snapshot, run));
  const moves = await host.runtime.copies.movesAtOnce(host.definition, placesOf(host, snapshot));
  if (!moves.atOnce)
    run.onEvent({ type: 'notice', level: 'info', message: `The data are copied while the services are down: ${moves.why}.` });
  const source = await sourceOf(host, snapshot, rehearsing, moves.atOnce, run);
  try {
    await begins();
    return await restored(host, snapshot, targets, source, run);
  } catch (error) {
    // What cannot be cleared away now is by the next command.
    if (source.from === 'rehearsal') await discardSnapshot(host, source.set).catch(() => {});
    throw error;
  } finally {
    if (source.from === 'hot') await source.copy.release();
  }
}

/** Where the data come from. */
type Source =
  /** @param verified every file was read and compared already @param staged they are copied before the services stop */
  | { readonly from: 'snapshot'; readonly verified: boolean; readonly staged: boolean }
  /** The very copy that its servers were started on: it is a set of the stack, begun and not finished. */
  | { readonly from: 'rehearsal'; readonly set: string; readonly sharing: boolean | undefined }
  | { readonly from: 'hot'; readonly copy: HotCopy };

async function sourceOf(host: SnapshotHost, snapshot: Snapshot, rehearsing: boolean, atOnce: boolean, run: Run): Promise<Source> {
  const isHot = atOnce && (await hotState(host.folder, snapshot.id)) !== null;
  // What can be moved need not be copied again.
  if (rehearsing && atOnce && !isHot) {
    const set = `${newId(Date.now())}-new`;
    return { from: 'rehearsal', set, sharing: await rehearse(host, snapshot, run, set) };
  }
  if (rehearsing) await rehearse(host, snapshot, run);
  const copy = isHot ? await readyCopy(host, snapshot, run) : undefined;
  return copy ? { from: 'hot', copy } : { from: 'snapshot', verified: rehearsing, staged: atOnce };
}

/** Whether the data take their place by a change of names. */
function isAtOnce(source: Source): boolean {
  return source.from !== 'snapshot' || source.staged;
}

async function readyCopy(host: SnapshotHost, snapshot: Snapshot, run: Run): Promise<HotCopy | undefined> {
  const steps = new Steps(host.stack, run, [{ kind: 'verify', target: 'ready copy', cause: 'nobody has touched it since it was read' }]);
  return steps.do('verify', 'ready copy', () => takeHotCopy(host, snapshot, steps));
}

async function restored(
  host: SnapshotHost,
  snapshot: Snapshot,
  targets: readonly VolumeSpec[],
  source: Source,
  run: Run,
): Promise<Snapshot | undefined> {
  const hot = source.from === 'hot';
  const steps = new Steps(host.stack, run, hot ? hotStepsOf(snapshot) : stepsOf(snapshot, source));
  const verify = async () => {
    if (source.from === 'snapshot' && !source.verified) await verifySnapshot(host, snapshot, steps);
  };
  const staging = source.from === 'snapshot' && source.staged;
  if (!staging) await verify();

  let journal = await planned(host, snapshot, targets, source, steps);
  const begin = async (step: RestoreStep) => {
    run.signal.throwIfAborted();
    journal = { ...journal, step };
    await writeJournal(host.folder, journal);
  };
  let versions: Versions;
  let reading: Promise<EntriesByVolume | undefined> | undefined;
  const abandoned = new AbortController();
  try {
    await begin('staging');
    await beginSnapshot(host.folder, journal.kept);
    // What is staged is not used before all of it was compared.
    if (staging) journal = { ...journal, sharing: await stage(host, snapshot, journal, verify, steps) };

    await swap(host, snapshot, journal, begin, steps);

    await begin('checking');
    // The old data lie still by now, and are read while the servers start.
    reading = hot ? undefined : readOld(host, journal, abandoned.signal).catch(() => undefined);
    await host.up([...new Set([...journal.services, ...journal.ran])], steps.nested());
    versions = await steps.do('check', null, ({ signal }) =>
      hot ? checkOpened(host, journal.services, signal) : checkRestored(host, snapshot, journal.services, steps, signal),
    );

    // From here on the restore is good, and only goes forward.
    journal = { ...journal, step: 'settling' };
    await writeJournal(host.folder, journal);
  } catch (error) {
    abandoned.abort();
    await reading;
    throw await takenBack(host, journal, error, run);
  }
  if (hot) {
    steps.notice('info', `The data before are being written down as snapshot ${journal.kept}, and the ready copy is made anew.`);
    return undefined;
  }
  await writeRehearsed(host, snapshot, 'restore', host.definition, versions).catch(() => {});
  const old = await steps.do('discard', null, async () => settle(host, journal, await reading));
  await removeJournal(host.folder);
  await applyRetention(host, run, [snapshot.id, journal.kept]);
  return old;
}

function hotStepsOf({ volumes, id }: Snapshot): readonly Step[] {
  return [
    { kind: 'keep', target: null, cause: 'they are put back if anything goes wrong' },
    ...volumes.map(({ key }): Step => ({ kind: 'swap', target: key, cause: `the ready copy of snapshot ${id} takes their place` })),
    { kind: 'check', target: null, cause: 'every server has to open its data' },
  ];
}

function stepsOf(snapshot: Snapshot, source: Source): readonly Step[] {
  const { volumes, id } = snapshot;
  const atOnce = isAtOnce(source);
  const all = (kind: Step['kind'], cause: string) => volumes.map(({ key }): Step => ({ kind, target: key, cause }));
  return [
    ...(source.from === 'snapshot' && !source.verified ? verifySteps(snapshot) : []),
    { kind: 'count', target: null, cause: 'what the stores hold now is written down' },
    { kind: 'measure', target: null, cause: 'there has to be room for it' },
    ...(atOnce && source.from === 'snapshot' ? all('copy', `from snapshot ${id}`) : []),
    { kind: 'keep', target: null, cause: 'they are put back if anything goes wrong' },
    ...all(atOnce ? 'swap' : 'copy', `snapshot ${id} takes their place`),
    { kind: 'check', target: null, cause: 'every server has to open its data' },
    { kind: 'discard', target: null, cause: 'the old data become a snapshot of their own' },
  ];
}

/** @throws NoodleError conflict when the definition has no place for a part of the snapshot */
function targetsOf({ definition, stack }: SnapshotHost, snapshot: Snapshot): readonly VolumeSpec[] {
  const missing = snapshot.volumes.filter(({ key }) => !Object.hasOwn(definition.volumes, key) || definition.volumes[key]!.external);
  if (missing.length === 0) return snapshot.volumes.map(({ key }) => definition.volumes[key]!);
  throw new NoodleError({
    code: 'conflict',
    what: `Snapshot ${snapshot.id} holds ${missing.map(({ key }) => key).join(', ')}, which ${stack} has no volume for.`,
    why: `${definition.file} no longer defines it.`,
    todo: 'Restore with the compose file that the snapshot was made with.',
  });
}

/** Writes down how the stack is, and sees that there is room for what comes. */
async function planned(
  host: SnapshotHost,
  snapshot: Snapshot,
  targets: readonly VolumeSpec[],
  source: Source,
  steps: Steps,
): Promise<RestoreJournal> {
  const hot = source.from === 'hot';
  const { runtime, definition } = host;
  const observed = await runtime.observe(definition, steps.signal);
  const id = newId(Date.now());
  const request = { name: null, note: null, cause: 'before-restore' as const, of: snapshot.id };
  const there = targets.filter(({ name }) => observed.volumes.includes(name));
  // With a ready copy nothing is counted and nothing is written: that would take as long as there are data.
  const uncounted: SnapshotHost = hot ? { ...host, states: async () => [] } : host;
  const draft = await (hot ? draftOf(uncounted, request, id, observed, steps.signal) : counted());
  async function counted() {
    const made = await steps.do('count', null, () => draftOf(host, request, id, observed, steps.signal));
    await steps.do('measure', null, () => roomFor(host, snapshot, there, source));
    return made;
  }
  function stageOf(): string | null {
    if (source.from === 'rehearsal') return source.set;
    if (source.from === 'hot') return source.copy.set;
    return source.staged ? `${id}-new` : null;
  }
  const others = Object.values(definition.volumes).filter(
    ({ name, external }) => !external && observed.volumes.includes(name) && !targets.some((target) => target.name === name),
  );
  for (const { key } of others) steps.notice('warn', `${key} is not in the snapshot and stays as it is.`);
  return {
    act: 'restore',
    step: 'staging',
    of: snapshot.id,
    kept: id,
    stage: stageOf(),
    ...(source.from === 'rehearsal' && source.sharing !== undefined ? { sharing: source.sharing } : {}),
    volumes: snapshot.volumes.map(({ key, name }, at) => {
      const now = targets[at]!.name;
      return { key, name: now, nameThen: name, had: observed.volumes.includes(now) };
    }),
    services: servicesIn(host, snapshot),
    ran: observed.instances.filter(({ state }) => state === 'running').map(({ service }) => service),
    there: observed.instances.map(({ service }) => service),
    draft,
  };
}

async function roomFor(host: SnapshotHost, snapshot: Snapshot, there: readonly VolumeSpec[], source: Source): Promise<void> {
  const { copies } = host.runtime;
  const kepts = snapshot.volumes.map((volume) => kept(snapshot.id, volume));
  const room = await copies.open(host.definition, { read: [...kepts, ...there.map(live)], write: [] });
  try {
    const restored = source.from === 'rehearsal' ? 0 : snapshot.volumes.reduce((sum, { bytes }) => sum + bytes, 0);
    const sizes = isAtOnce(source) ? [] : await Promise.all(there.map((volume) => room.size(live(volume))));
    const old = sizes.reduce((sum, size) => sum + size, 0);
    // The old data are copied too where they cannot be moved; the restored ones take their place.
    mustFit(isAtOnce(source) ? restored : old + Math.max(0, restored - old), await room.free());
  } finally {
    await room.close();
  }
}

/**
 * While the services still run: the snapshot is copied, so that the swap is only a matter of names.
 * @returns whether any of it was copied by reference; undefined where that is not known
 */
async function stage(
  host: SnapshotHost,
  snapshot: Snapshot,
  { stage: set }: RestoreJournal,
  verify: () => Promise<void>,
  steps: Steps,
): Promise<boolean | undefined> {
  if (set === null) return undefined;
  await beginSnapshot(host.folder, set);
  const from = snapshot.volumes.map((volume) => kept(snapshot.id, volume));
  const to = snapshot.volumes.map((volume) => kept(set, volume));
  const room = await host.runtime.copies.open(host.definition, { read: from, write: to });
  try {
    const copies = allOf(
      snapshot.volumes.map(({ key, bytes }, at) => steps.do('copy', key, (work) => room.copy(from[at]!, to[at]!, work), bytes)),
    );
    await allOf<unknown>([verify(), copies]);
    const shared = await copies;
    await room.sync(to);
    return isSharing(shared);
  } finally {
    await room.close();
  }
}

/** @returns the error that is to be told */
async function takenBack(host: SnapshotHost, journal: RestoreJournal, thrown: unknown, { onEvent }: Run): Promise<NoodleError> {
  const error = asNoodleError(thrown);
  // A cancel is no reason to leave things half done.
  const run: Run = { signal: new AbortController().signal, onEvent };
  try {
    await runRecovery(host, journal, run);
  } catch (undoing) {
    const { problem } = asNoodleError(undoing);
    return new NoodleError(
      {
        ...error.problem,
        why: [error.problem.why, `Putting the old data back failed too: ${problem.what} ${problem.why ?? ''}`.trim()]
          .filter(Boolean)
          .join('\n'),
        todo: 'Mend the cause, then run any command on the stack: it puts the old data back.',
        command: `noodlebox status --stack ${host.stack}`,
      },
      { cause: error },
    );
  }
  // What is damaged says so, and of what was touched nothing was.
  if (error.code === 'snapshot-damaged') return error;
  return new NoodleError(
    { ...error.problem, why: [error.problem.why, 'Nothing was restored: the stack is as it was.'].filter(Boolean).join('\n') },
    { cause: error },
  );
}
