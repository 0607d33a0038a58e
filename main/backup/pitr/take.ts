/** Taking a base backup: full, or what has changed since the newest one. */
import type { BaseBackup, BaseBackupCause, BaseBackupKind } from '../../../preload/contract/pitr.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Bench } from '../../runtime/bench.ts';
import type { CopyWork } from '../../runtime/copies.ts';
import { baseProgress, passwordOf, rangeIn, takeBase, verifyBase } from '../../services/postgres/physical/programs.ts';
import { showLsn } from '../../services/postgres/physical/wal.ts';
import { newId } from '../choose.ts';
import type { Steps } from '../snapshots/steps.ts';
import { beginLine, collect, type Desk, mayKeep } from './archive.ts';
import { chainOf, parentFor } from './chain.ts';
import { depotPlaces, unfinished } from './host.ts';
import { type Records, writeBackup } from './records.ts';

/** What is taken: a full backup, or one that builds on another. */
export type Plan = { readonly kind: 'full'; readonly why: string } | { readonly kind: 'incremental'; readonly parent: BaseBackup };

/** @throws NoodleError not-found when an incremental one was asked for and there is nothing to build on */
export function planBackup(records: Records, asked: BaseBackupKind, summarizes: boolean): Plan {
  if (asked === 'full') return { kind: 'full', why: 'asked for' };
  const parent = parentFor(records);
  const lack = !summarizes
    ? 'the server does not summarise its WAL (summarize_wal is off)'
    : !parent
      ? 'there is no whole backup in the WAL that is kept now'
      : undefined;
  if (parent && !lack) {
    const long = chainOf(records.backups, parent)!.length > limits.baseChain;
    return long && asked === 'auto' ? { kind: 'full', why: 'the chain has become long' } : { kind: 'incremental', parent };
  }
  if (asked === 'auto') return { kind: 'full', why: lack! };
  throw new NoodleError({
    code: 'not-found',
    what: 'An incremental backup has nothing to build on.',
    why: `${lack}.`,
    todo: 'Take a full one.',
    command: 'noodlebox postgres backup --full',
  });
}

/** The bench has the server in reach; nothing is left of a backup that fails or is cut off, but a folder that the next act clears away. */
export async function takeBackup(desk: Desk, asked: BaseBackupKind, cause: BaseBackupCause, steps: Steps): Promise<BaseBackup> {
  const { server, folder } = desk;
  const facts = await server.look();
  mayKeep(facts);
  let records = await steps.do('collect', null, () => collect(desk));
  let plan = planBackup(records, asked, facts.summarizes);
  if (plan.kind === 'full') {
    if (asked !== 'full') steps.notice('info', `A full backup is taken: ${plan.why}.`);
    const line = records.lines.at(-1);
    if (!line || line.ended) records = await beginLine(desk, 'a new line was begun');
  }
  let backup: BaseBackup;
  try {
    backup = await steps.do('backup', null, (work) => take(desk, plan, records, cause, work));
  } catch (error) {
    if (plan.kind === 'full' || asked === 'incremental' || !isSummaryLack(error)) throw error;
    steps.notice('warn', `A full backup is taken: ${asNoodleError(error).problem.why ?? 'the changes since the last one are not known'}`);
    plan = { kind: 'full', why: 'summaries are missing' };
    backup = await steps.do('backup', null, (work) => take(desk, plan, records, cause, work));
  }
  await steps.do('verify', null, () => checkFolder(desk, depotPlaces(desk.bench.depot).unfinished(backup.id)));
  const places = depotPlaces(desk.bench.depot);
  await desk.bench.files.move(places.unfinished(backup.id), places.backup(backup.id));
  await desk.bench.files.sync();
  await writeBackup(folder, backup);
  // Only with the WAL of its end can anything after it be reached.
  await steps.do('collect', null, () => collect(desk));
  return backup;
}

async function take(desk: Desk, plan: Plan, records: Records, cause: BaseBackupCause, work: CopyWork): Promise<BaseBackup> {
  const { bench, server, connection, signal } = desk;
  const { files } = bench;
  const places = depotPlaces(bench.depot);
  const before = await server.look();
  const id = newId(before.now);
  const to = places.unfinished(id);
  await files.makeFolder(places.base);
  try {
    const since = plan.kind === 'incremental' ? `${places.backup(plan.parent.id)}/backup_manifest` : undefined;
    await bench.run(takeBase(bench.address, connection, to, since), {
      doing: `take ${plan.kind === 'full' ? 'a full' : 'an incremental'} backup`,
      env: passwordOf(connection),
      signal,
      heard: (text) => work.progress(baseProgress(text)?.current ?? 0),
    });
    const range = rangeIn((await files.read(`${to}/backup_manifest`, limits.manifestTail)) ?? '');
    if (!range) throw new NoodleError({ code: 'backup-damaged', what: 'The backup came without its range of WAL, so it is of no use.' });
    const [all, walBytes, after] = await Promise.all([files.size(to), files.size(`${to}/pg_wal`), server.look()]);
    return {
      format: 1,
      id,
      kind: plan.kind,
      parent: plan.kind === 'full' ? null : plan.parent.id,
      chain: plan.kind === 'full' ? id : plan.parent.chain,
      line: records.lines.at(-1)!.id,
      cause,
      startedAt: before.now,
      endedAt: after.now,
      startLsn: showLsn(range.from),
      endLsn: showLsn(range.to),
      timeline: range.timeline,
      bytes: all - walBytes,
      walBytes,
      version: after.version,
      checked: { at: after.now, ok: true, why: null },
    };
  } catch (error) {
    await files.remove(to).catch(() => {});
    throw error;
  }
}

/** @throws NoodleError backup-damaged, with what pg_verifybackup says */
export async function checkFolder({ bench, signal }: Pick<Desk, 'bench' | 'signal'>, folder: string): Promise<void> {
  const name = folder.slice(folder.lastIndexOf('/') + 1).replace(unfinished, '');
  try {
    await bench.run(verifyBase(folder), { doing: `check backup ${name}`, signal });
  } catch (error) {
    const { code, why } = asNoodleError(error).problem;
    if (code !== 'tool-failed') throw error;
    const told = (why ?? '').replaceAll(`${folder}/`, '').replaceAll('pg_verifybackup: error: ', '');
    throw new NoodleError(
      {
        code: 'backup-damaged',
        what: `Backup ${name} is damaged.`,
        why: told,
        todo: 'Use an earlier one, and take a full backup.',
        command: 'noodlebox postgres timeline',
      },
      { cause: error },
    );
  }
}

/** The server has thrown its summaries away, or never made them: what has changed is not known. */
function isSummaryLack(error: unknown): boolean {
  const { code, why } = asNoodleError(error).problem;
  return code === 'tool-failed' && /WAL summar|manifest.*(timeline|system identifier)|not present in manifest/i.test(why ?? '');
}

/** What was cut off, and only that: a folder without a record may be another data home's backup. */
export async function sweep(bench: Bench): Promise<void> {
  const { base } = depotPlaces(bench.depot);
  for (const name of await bench.files.list(base)) if (name.endsWith(unfinished)) await bench.files.remove(`${base}/${name}`);
}
