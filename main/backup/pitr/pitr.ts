/** Physical backups of one PostgreSQL, as the core offers them. The caller holds the stack's lock, except for `collectWal`. */
import type {
  BaseBackup,
  BaseBackupCause,
  BaseBackupKind,
  PitrState,
  RestorePoint,
  RestorePreview,
  RestoreTarget,
} from '../../../preload/contract/pitr.ts';
import type { Snapshot } from '../../../preload/contract/snapshots.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Bench } from '../../runtime/bench.ts';
import { openWalServer } from '../../services/postgres/physical/server.ts';
import { type Branch, branchSnapshot, mustBeFree } from '../snapshots/branch.ts';
import type { Run } from '../snapshots/host.ts';
import { restoreSnapshot } from '../snapshots/restore.ts';
import { Steps } from '../snapshots/steps.ts';
import { discardSnapshot } from '../snapshots/store.ts';
import { collect, mark as markIn } from './archive.ts';
import { chainOf, targetText, wayTo, windowsOf, withDescendants } from './chain.ts';
import { atBench, atDesk } from './desk.ts';
import { depotPlaces, type PitrHost } from './host.ts';
import { momentOf } from './moment.ts';
import { forgetAll, readRecords, writeBackup } from './records.ts';
import { recoverBeside, recoverySteps, volumeOf } from './recover.ts';
import { pruneWal, removeBackups } from './remove.ts';
import { outdated } from './retention.ts';
import { checkFolder, takeBackup } from './take.ts';

export async function state({ folder, spec }: PitrHost): Promise<PitrState> {
  const records = await readRecords(folder);
  return {
    service: spec.name,
    backups: records.backups.toReversed(),
    unreadable: [...records.unreadable],
    lines: [...records.lines],
    points: [...records.points],
    windows: [...windowsOf(records)],
  };
}

export function backup(host: PitrHost, kind: BaseBackupKind, cause: BaseBackupCause, run: Run): Promise<BaseBackup> {
  const steps = new Steps(host.spec.name, run, [
    { kind: 'collect', target: null, cause: 'the WAL until now' },
    { kind: 'backup', target: null, cause: kind === 'auto' ? 'full, or what changed since the last one' : kind },
    { kind: 'verify', target: null, cause: 'a backup is one when it was found whole' },
  ]);
  return atDesk(host, run, (desk) => takeBackup(desk, kind, cause, steps));
}

/** Collects what the server has written since. Nothing when no backup was taken yet. */
export async function collectWal(host: PitrHost, run: Run): Promise<void> {
  const line = (await readRecords(host.folder)).lines.at(-1);
  if (!line || line.ended) return;
  await atDesk(host, run, async (desk) => {
    await roomForWal(desk.bench);
    const { backups } = await collect(desk);
    // After a first backup that failed nothing leads to this WAL.
    if (!backups.some((backup) => backup.line === line.id)) await pruneWal(host.folder, desk.bench);
  });
}

/** @throws NoodleError disk-full */
async function roomForWal(bench: Bench): Promise<void> {
  if ((await bench.files.free()) >= limits.walSpare) return;
  throw new NoodleError({
    code: 'disk-full',
    what: 'No WAL is collected: the disk is nearly full.',
    why: `Less than ${limits.walSpare / 2 ** 20} MiB are free.`,
    todo: 'Free some space, for example by deleting old backups: what the server keeps until then is bounded.',
    command: 'noodlebox postgres timeline',
  });
}

export function mark(host: PitrHost, name: string, run: Run): Promise<RestorePoint> {
  return atDesk(host, run, async (desk) => (await markIn(desk, name)).points.at(-1)!);
}

/** @throws NoodleError backup-damaged, naming what is damaged; it is written down with the backup */
export async function verify(host: PitrHost, id: string, run: Run): Promise<void> {
  await atBench(host, {}, run, async (bench) => {
    const { backups } = await readRecords(host.folder);
    const chain = chainOf(backups, found(backups, id));
    if (!chain)
      throw new NoodleError({ code: 'backup-damaged', what: `Backup ${id} builds on one that is gone.`, todo: 'Take a full backup.' });
    const cause = 'every file is compared with what was written down';
    const steps = new Steps(
      host.spec.name,
      run,
      chain.map((one) => ({ kind: 'verify', target: one.id, cause })),
    );
    for (const one of chain) {
      const folder = depotPlaces(bench.depot).backup(one.id);
      const error = await steps
        .do('verify', one.id, () => checkFolder({ bench, signal: run.signal }, folder))
        .then(() => undefined, asNoodleError);
      if (error && error.code !== 'backup-damaged') throw error;
      await writeBackup(host.folder, { ...one, checked: { at: Date.now(), ok: !error, why: error?.problem.why ?? null } });
      if (error) throw error;
    }
  });
}

/** What goes when a backup is deleted, in words. */
export async function deletes(host: PitrHost, id: string): Promise<readonly string[]> {
  const { backups } = await readRecords(host.folder);
  found(backups, id);
  return withDescendants(backups, id).map((one) => `the ${one.kind} backup ${one.id} of ${new Date(one.endedAt).toISOString()}`);
}

/** With all that build on it, and the WAL that nothing needs then. */
export async function remove(host: PitrHost, id: string, run: Run): Promise<void> {
  const { backups } = await readRecords(host.folder);
  found(backups, id);
  const steps = new Steps(host.spec.name, run, [{ kind: 'discard', target: id, cause: 'asked to delete it' }]);
  await atBench(host, {}, run, (bench) => steps.do('discard', id, () => removeBackups(host.folder, bench, withDescendants(backups, id))));
}

/** Deletes all backups and all WAL, and has the server keep none any more. */
export async function clear(host: PitrHost, run: Run): Promise<void> {
  const steps = new Steps(host.spec.name, run, [{ kind: 'discard', target: null, cause: 'asked to delete all backups' }]);
  await steps.do('discard', null, async () => {
    const connection = await host.connection();
    if (!connection) await nothingKept(host);
    if (connection) {
      const server = await openWalServer(connection, run.signal);
      await server.dropSlot().finally(() => server.close());
    }
    await atBench(host, {}, run, async (bench) => {
      await forgetAll(host.folder);
      const places = depotPlaces(bench.depot);
      await bench.files.remove(places.base);
      await bench.files.remove(places.wal);
    });
    await host.runtime.benches.removeDepot(host.stack, host.spec.name);
  });
}

/** A server that does not run keeps its slot, and goes on to keep WAL for it when it runs again. @throws NoodleError service-unreachable */
async function nothingKept({ folder, runtime, definition, spec, stack }: PitrHost): Promise<void> {
  const line = (await readRecords(folder)).lines.at(-1);
  const { volumes } = await runtime.observe(definition);
  const hasData = volumes.includes(volumeOf({ definition, spec }).volume.name);
  if (!line || line.ended || !hasData) return;
  throw new NoodleError({
    code: 'service-unreachable',
    what: `${spec.name} does not run, and keeps WAL for these backups until it is told not to.`,
    todo: 'Start it, then delete them.',
    command: `noodlebox up ${spec.name} --stack ${stack}`,
  });
}

/** Deletes chains that are older. @param before ms since the epoch @returns ids */
export async function retain(host: PitrHost, before: number, run: Run): Promise<readonly string[]> {
  const old = outdated((await readRecords(host.folder)).backups, before);
  if (old.length > 0) await atBench(host, {}, run, (bench) => removeBackups(host.folder, bench, old));
  return old.map(({ id }) => id);
}

/** What a restore will do and lose. @throws NoodleError not-found when the moment is not within what is kept */
export async function preview(host: PitrHost, target: RestoreTarget, branch: string | null, run: Run): Promise<RestorePreview> {
  await collectIfThere(host, run);
  const records = await readRecords(host.folder);
  const way = await atBench(host, {}, run, async (bench) => wayTo(records, await momentOf(bench, records, target, run.signal)));
  const wal = Number(way.to > way.from ? way.to - way.from : 0n);
  const { name } = host.spec;
  return {
    target: targetText(target),
    chain: way.chain.map(({ id }) => id),
    wal,
    does: [
      `combines ${way.chain.length} ${way.chain.length === 1 ? 'backup' : 'backups'} and plays back up to ${Math.ceil(wal / 2 ** 20)} MiB of WAL, beside the stack`,
      branch === null
        ? `stops ${name}, puts the recovered data in place and starts it again; the data of now are kept as a snapshot`
        : `opens the recovered data as stack ${branch}, beside this one`,
    ],
    loses:
      branch === null ? [`all that was written to ${name} after ${targetText(target)} (kept as a snapshot until the next restore)`] : [],
  };
}

/** In place. @returns the snapshot of the data that were there */
export async function restore(host: PitrHost, target: RestoreTarget, run: Run): Promise<Snapshot | undefined> {
  const { recovered, steps } = await recovering(host, target, run);
  try {
    // PostgreSQL has opened it: that is how it was recovered.
    return await restoreSnapshot(host.snapshots, recovered.id, steps.nested(), { rehearse: false });
  } finally {
    await discardSnapshot(host.snapshots, recovered.id);
  }
}

/** As a second stack beside. @param name null: one made of the stack's @throws NoodleError conflict when the name is taken */
export async function branch(host: PitrHost, target: RestoreTarget, name: string | null, run: Run): Promise<Branch> {
  if (name !== null) await mustBeFree(host.snapshots, name);
  const { recovered, steps } = await recovering(host, target, run);
  try {
    return await branchSnapshot(host.snapshots, recovered.id, name, steps.nested());
  } finally {
    await discardSnapshot(host.snapshots, recovered.id);
  }
}

/** Whether what is kept can be restored: it is, beside the stack, and cleared away again. */
export async function prove(host: PitrHost, run: Run): Promise<void> {
  const { recovered } = await recovering(host, { to: 'latest' }, run);
  await discardSnapshot(host.snapshots, recovered.id);
}

async function recovering(
  host: PitrHost,
  target: RestoreTarget,
  run: Run,
): Promise<{ readonly recovered: Snapshot; readonly steps: Steps }> {
  const steps = new Steps(host.spec.name, run, [
    { kind: 'collect', target: null, cause: 'the WAL until now' },
    ...recoverySteps(volumeOf(host).volume.key),
  ]);
  await steps.do('collect', null, () => collectIfThere(host, run));
  return { recovered: await recoverBeside(host, target, steps, run), steps };
}

/** What is kept already is enough when the server does not run. */
async function collectIfThere(host: PitrHost, run: Run): Promise<void> {
  if (!(await host.connection())) return;
  try {
    await collectWal(host, run);
  } catch (error) {
    run.signal.throwIfAborted();
    const { what } = asNoodleError(error).problem;
    run.onEvent({ type: 'notice', level: 'warn', message: `The newest WAL could not be collected: ${what}` });
  }
}

function found(backups: readonly BaseBackup[], id: string): BaseBackup {
  const backup = backups.find((one) => one.id === id);
  if (backup) return backup;
  throw new NoodleError({
    code: 'not-found',
    what: `There is no backup "${id}".`,
    todo: 'See those there are.',
    command: 'noodlebox postgres timeline',
  });
}
