/**
 * Recovering beside the stack: backups are combined into a copy of the volume that nobody uses yet, WAL is played
 * back by a server that nobody but us reaches, and what comes out is asked whether it opens. Then it is a snapshot like
 * any other, which can be restored in place or opened beside. Until then the stack is not touched.
 */
import { posix } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RestoreTarget } from '../../../preload/contract/pitr.ts';
import type { Snapshot } from '../../../preload/contract/snapshots.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Bench } from '../../runtime/bench.ts';
import type { VolumeSpec } from '../../runtime/spec.ts';
import { dataPath } from '../../services/postgres/installed.ts';
import {
  askRecovered,
  combine,
  historyQuery,
  notReached,
  playedTo,
  recoverServer,
  recoveryAccess,
  type StopAt,
  stopServer,
} from '../../services/postgres/physical/programs.ts';
import { filesOf, type Lsn, partial, showLsn } from '../../services/postgres/physical/wal.ts';
import { newId } from '../choose.ts';
import { draftOf, finish, mustFit, readCopies } from '../snapshots/create.ts';
import { kept, type Run } from '../snapshots/host.ts';
import type { Step, Steps } from '../snapshots/steps.ts';
import { beginSnapshot, discardSnapshot, listSnapshots } from '../snapshots/store.ts';
import { type Moment, targetText, type Way, wayTo } from './chain.ts';
import { atBench } from './desk.ts';
import { depotPlaces, type PitrHost } from './host.ts';
import { momentOf } from './moment.ts';
import { readRecords } from './records.ts';
import { checkFolder } from './take.ts';

/** The caller holds the stack's lock. @throws NoodleError not-found, backup-damaged, wal-gap, disk-full, cancelled; nothing is left of it then */
export async function recoverBeside(host: PitrHost, target: RestoreTarget, steps: Steps, run: Run): Promise<Snapshot> {
  const { volume, inside } = volumeOf(host);
  await discardLeft(host);
  const id = newId(Date.now());
  await beginSnapshot(host.snapshots.folder, id);
  try {
    const holds = await atBench(host, { data: kept(id, volume) }, run, (bench) => recover(host, bench, inside, target, steps));
    return await asSnapshot(host, id, volume, target, holds, steps);
  } catch (error) {
    await discardSnapshot(host.snapshots, id).catch(() => {});
    throw asNoodleError(error);
  }
}

/** What was recovered and had not found its place when Noodlebox was killed. */
async function discardLeft({ snapshots }: PitrHost): Promise<void> {
  for (const entry of await listSnapshots(snapshots.folder)) {
    if (entry.state === 'whole' && entry.snapshot.cause === 'recovered') await discardSnapshot(snapshots, entry.id);
  }
}

export function recoverySteps(volume: string): readonly Step[] {
  return [
    { kind: 'measure', target: null, cause: 'there has to be room for it' },
    { kind: 'combine', target: null, cause: 'a full backup and what changed since' },
    { kind: 'recover', target: null, cause: 'WAL is played back up to the moment, beside the stack' },
    { kind: 'verify', target: volume, cause: 'every file is hashed' },
  ];
}

/** The volume that holds the data, and where in it. @throws NoodleError not-supported-by-server when there is none */
export function volumeOf({ definition, spec }: Pick<PitrHost, 'definition' | 'spec'>): {
  readonly volume: VolumeSpec;
  readonly inside: string;
} {
  const mount = spec.mounts.find(({ target }) => dataPath === target || dataPath.startsWith(`${target.replace(/\/$/, '')}/`));
  const volume = mount?.type === 'volume' ? definition.volumes[mount.source] : undefined;
  if (mount && volume && !volume.external) return { volume, inside: posix.relative(mount.target, dataPath) };
  throw new NoodleError({
    code: 'not-supported-by-server',
    what: `The data of ${spec.name} cannot be recovered by Noodlebox.`,
    why: `${dataPath} is no volume of the stack.`,
  });
}

/** @returns ms since the epoch: the moment that the data hold, as far as it is known */
async function recover(host: PitrHost, bench: Bench, inside: string, target: RestoreTarget, steps: Steps): Promise<number> {
  const { signal } = steps;
  const { files } = bench;
  const data = inside === '' ? bench.data : `${bench.data}/${inside}`;
  const records = await readRecords(host.folder);
  const moment = await momentOf(bench, records, target, signal);
  const way = wayTo(records, moment);
  await steps.do('measure', null, async () => mustFit(sizeOf(way), await files.free()));
  const missing = await steps.do('combine', null, async () => {
    const places = depotPlaces(bench.depot);
    const folders = way.chain.map(({ id }) => places.backup(id));
    for (const folder of folders) await checkFolder({ bench, signal }, folder);
    if (inside !== '') await files.makeFolder(data);
    await bench.run(combine(folders, data), { doing: 'combine the backups', signal });
    const lacking = await layWal(bench, data, way, moment);
    await files.write(`${data}/recovery.signal`, '');
    await files.handOver();
    await files.write(`${bench.scratch}/pg_hba.conf`, recoveryAccess);
    return lacking;
  });
  await steps.do('recover', null, () => playBack(host, bench, data, target, moment, { missing, to: way.to }, signal));
  await files.sync();
  return moment.at === 'time' ? moment.time : way.line.until.at;
}

function sizeOf({ chain, from, to }: Way): number {
  const files = chain.reduce((sum, { bytes, walBytes }) => sum + bytes + walBytes, 0);
  return files + Number(to > from ? to - from : 0n);
}

/**
 * Puts all WAL from the last backup on beside the data.
 * @returns files that are missing; only what is before them was laid
 * @throws NoodleError wal-gap when the moment is known to lie behind one
 */
async function layWal(bench: Bench, data: string, { line, from, to }: Way, moment: Moment): Promise<readonly string[]> {
  const folder = depotPlaces(bench.depot).line(line.id);
  const wal = `${data}/pg_wal`;
  const [there, own] = await Promise.all([bench.files.list(folder), bench.files.list(wal)]);
  const needed = moment.at === 'lsn' ? moment.lsn + 1n : to;
  const stretch = (end: bigint) => filesOf({ timeline: line.timeline, from, to: end, segment: line.segment }, there);
  const isMissing = (name: string) => !own.includes(name);
  const must = moment.at === 'time' ? [] : stretch(needed).missing.filter(isMissing);
  if (must.length > 0) throw gap(must);
  const { files, missing } = stretch(to);
  const first = missing.find(isMissing);
  // All of one timeline: the order of names is that of positions.
  const usable = files.filter((name) => first === undefined || name < first);
  await bench.files.copyAll(
    folder,
    usable.filter((name) => !name.endsWith(partial)),
    wal,
  );
  const last = usable.find((name) => name.endsWith(partial));
  const full = last?.slice(0, -partial.length);
  if (last && full && !own.includes(full)) await bench.files.copy(`${folder}/${last}`, `${wal}/${full}`);
  return missing.filter(isMissing);
}

function gap(missing: readonly string[]): NoodleError {
  const named = missing.slice(0, limits.snapshotDamageNamed);
  return new NoodleError({
    code: 'wal-gap',
    what: 'There is a gap in the WAL before that moment.',
    why: `Missing: ${named.join(', ')}${missing.length > named.length ? ` and ${missing.length - named.length} more` : ''}.`,
    todo: 'Choose a moment before the gap.',
    command: 'noodlebox postgres timeline',
  });
}

async function playBack(
  host: PitrHost,
  bench: Bench,
  data: string,
  target: RestoreTarget,
  moment: Moment,
  { missing, to }: { readonly missing: readonly string[]; readonly to: Lsn },
  signal: AbortSignal,
): Promise<void> {
  let played: Lsn;
  try {
    played = await serve(host, bench, data, stopAt(target), signal);
    if (moment.at !== 'end') return;
  } catch (error) {
    const { why } = asNoodleError(error).problem;
    if (!notReached.test(why ?? '')) throw error;
    if (missing.length > 0) throw gap(missing);
    if (moment.at !== 'time') throw error;
    // Nothing was committed between that moment and the end of what is kept: the end is that moment.
    played = await serve(host, bench, data, { at: 'end' }, signal);
  }
  // To the server a damaged record is the end of the WAL like any other.
  if (to - played <= BigInt(limits.walUnplayed)) return;
  throw new NoodleError({
    code: 'backup-damaged',
    what: 'The WAL is damaged before that moment.',
    why: `It can be played back to ${showLsn(played)}, and reaches to ${showLsn(to)}.`,
    todo: 'Choose an earlier moment, or take a full backup to go on from.',
    command: 'noodlebox postgres timeline',
  });
}

function stopAt(target: RestoreTarget): StopAt {
  switch (target.to) {
    case 'latest':
      return { at: 'end' };
    case 'time':
      return { at: 'time', time: target.at };
    case 'name':
      return { at: 'name', name: target.name };
    case 'xid':
      return { at: 'xid', xid: target.xid };
  }
}

/** Starts it, waits until it has recovered and takes questions, asks them, and has it close its files. @returns where the playing back ended */
async function serve(host: PitrHost, bench: Bench, data: string, stop: StopAt, signal: AbortSignal): Promise<Lsn> {
  const doing = 'recover the data';
  const over = new AbortController();
  const running = bench.run(recoverServer(data, bench.scratch, stop), { doing, asServer: true, signal });
  const ended = running.finally(() => over.abort());
  ended.catch(() => {});
  const { POSTGRES_USER: user = 'postgres', POSTGRES_DB: database = user } = host.spec.environment;
  const ask = (query: string) => bench.run(askRecovered(bench.scratch, user, database, query), { doing, signal });
  let played: Lsn | undefined;
  for (;;) {
    signal.throwIfAborted();
    if (over.signal.aborted) break;
    const answer = await ask('select pg_is_in_recovery()').catch(() => '');
    if (answer.trim() === 'f') {
      // Reads the catalog, and a page of every table's first fork through its statistics.
      await ask("select count(*), sum(pg_relation_size(oid)) from pg_class where relkind in ('r', 'i', 'm')");
      played = playedTo(await ask(historyQuery));
      await bench.run(stopServer(data), { doing: 'close the recovered data', asServer: true, signal });
      break;
    }
    await pause(limits.recoveryLook, undefined, { signal: over.signal }).catch(() => {});
  }
  await ended;
  if (played !== undefined) return played;
  throw new NoodleError({ code: 'backup-damaged', what: 'The server did not say how far it had recovered.' });
}

async function asSnapshot(
  host: PitrHost,
  id: string,
  volume: VolumeSpec,
  target: RestoreTarget,
  holds: number,
  steps: Steps,
): Promise<Snapshot> {
  const { snapshots, runtime, definition, spec } = host;
  const observed = await runtime.observe(definition, steps.signal);
  const note = `PostgreSQL at ${targetText(target)}`;
  const draft = await draftOf(snapshots, { name: null, note, cause: 'recovered' }, id, observed, steps.signal);
  // What the stores hold now says nothing of what was recovered.
  const services = draft.services.filter(({ service }) => service === spec.name).map((service) => ({ ...service, store: null }));
  const room = await runtime.copies.open(definition, { read: [kept(id, volume)], write: [] });
  try {
    const sizes = new Map([[volume.key, await room.size(kept(id, volume))]]);
    const entries = await readCopies(room, id, [volume], sizes, steps);
    return await finish(snapshots, { ...draft, createdAt: Math.round(holds), countedAt: null, services }, [volume], entries);
  } finally {
    await room.close();
  }
}
