/** Where in the WAL a target is. */
import type { RestoreTarget, WalLine } from '../../../preload/contract/pitr.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import type { Bench } from '../../runtime/bench.ts';
import { type Argv, commitIn, findCommit, findPoints, pointIn } from '../../services/postgres/physical/programs.ts';
import { filesOf, type Lsn, parseLsn, partial } from '../../services/postgres/physical/wal.ts';
import { type Moment, targetText } from './chain.ts';
import { depotPlaces } from './host.ts';
import type { Records } from './records.ts';

/** @throws NoodleError not-found */
export async function momentOf(bench: Bench, records: Records, target: RestoreTarget, signal: AbortSignal): Promise<Moment> {
  switch (target.to) {
    case 'latest':
      return { at: 'end' };
    case 'time':
      return { at: 'time', time: target.at };
    case 'name': {
      const known = records.points.findLast(({ name }) => name === target.name);
      if (known) return { at: 'lsn', line: known.line, lsn: parseLsn(known.lsn) };
      const search = (from: Lsn, to: Lsn, folder: string, line: WalLine) => findPoints(folder, line.timeline, from, to);
      return searched(bench, records, target, signal, search, (printed) => pointIn(printed, target.name));
    }
    case 'xid': {
      const search = (from: Lsn, to: Lsn, folder: string, line: WalLine) => findCommit(folder, line.timeline, from, to, target.xid);
      return searched(bench, records, target, signal, search, commitIn);
    }
  }
}

async function searched(
  bench: Bench,
  records: Records,
  target: RestoreTarget,
  signal: AbortSignal,
  search: (from: Lsn, to: Lsn, folder: string, line: WalLine) => Argv,
  found: (printed: string) => Lsn | undefined,
): Promise<Moment> {
  for (const line of records.lines.toReversed()) {
    const first = records.backups.find((backup) => backup.line === line.id);
    if (!first) continue;
    for (const { folder, from, to } of await stretches(bench, line, parseLsn(first.startLsn))) {
      const lsn = await foundBy(bench, search(from, to, folder, line), found, signal);
      if (lsn !== undefined) return { at: 'lsn', line: line.id, lsn };
    }
  }
  throw new NoodleError({
    code: 'not-found',
    what: `The WAL that is kept does not lead to ${targetText(target)}.`,
    why: target.to === 'xid' ? 'No commit of that transaction is in it.' : 'No point of that name is in it.',
    todo: 'See what is kept.',
    command: 'noodlebox postgres timeline',
  });
}

/**
 * What can be searched: the files that are full, and, copied under its full name with the one before it, the last one.
 * A record that crosses from one to the other is found in the second.
 */
async function stretches(
  bench: Bench,
  line: WalLine,
  from: Lsn,
): Promise<readonly { readonly folder: string; readonly from: Lsn; readonly to: Lsn }[]> {
  const folder = depotPlaces(bench.depot).line(line.id);
  const until = parseLsn(line.until.lsn);
  const there = await bench.files.list(folder);
  const { files } = filesOf({ timeline: line.timeline, from, to: until, segment: line.segment }, there);
  const last = files.at(-1);
  if (!last?.endsWith(partial)) return [{ folder, from, to: until }];
  const size = BigInt(line.segment);
  const boundary = (until / size) * size;
  const scan = `${bench.scratch}/scan`;
  await bench.files.makeFolder(scan);
  const before = files.at(-2);
  if (before) await bench.files.copyAll(folder, [before], scan);
  await bench.files.copy(`${folder}/${last}`, `${scan}/${last.slice(0, -partial.length)}`);
  const later = before && boundary - size > from ? boundary - size : from;
  return [...(boundary > from ? [{ folder, from, to: boundary }] : []), { folder: scan, from: later, to: until }];
}

/** Reads line by line until it is found: a WAL may print more than a text can hold. What fails at the end of what it was given has printed all. */
async function foundBy(bench: Bench, argv: Argv, found: (line: string) => Lsn | undefined, signal: AbortSignal): Promise<Lsn | undefined> {
  const enough = new AbortController();
  let rest = '';
  let hit: Lsn | undefined;
  try {
    await bench.run(argv, {
      doing: 'search the WAL',
      signal: AbortSignal.any([signal, enough.signal]),
      printed(text) {
        if (hit !== undefined) return;
        const lines = (rest + text).split('\n');
        rest = lines.pop()!;
        for (const line of lines) hit ??= found(line);
        if (hit !== undefined) enough.abort();
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!enough.signal.aborted && asNoodleError(error).code !== 'tool-failed') throw error;
  }
  return hit;
}
