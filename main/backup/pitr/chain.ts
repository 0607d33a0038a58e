/** Chains of backups and the moments they lead to: pure functions of what is written down. */
import type { BaseBackup, RestoreTarget, WalLine } from '../../../preload/contract/pitr.ts';
import { NoodleError } from '../../errors.ts';
import { type Lsn, parseLsn } from '../../services/postgres/physical/wal.ts';
import type { Records } from './records.ts';

/** The backups that have to be combined for one, the full one first; undefined when one of them is gone. */
export function chainOf(backups: readonly BaseBackup[], last: BaseBackup): readonly BaseBackup[] | undefined {
  const chain = [last];
  while (chain[0]!.parent !== null) {
    const parent = backups.find(({ id }) => id === chain[0]!.parent);
    if (!parent || chain.includes(parent)) return undefined;
    chain.unshift(parent);
  }
  return chain;
}

/** A backup and all that build on it. */
export function withDescendants(backups: readonly BaseBackup[], id: string): readonly BaseBackup[] {
  const found = backups.filter((backup) => backup.id === id);
  for (const backup of found) found.push(...backups.filter(({ parent }) => parent === backup.id));
  return found;
}

/** The backup that an incremental one may build on: the newest of the line that still grows. */
export function parentFor({ backups, lines }: Records): BaseBackup | undefined {
  const line = lines.at(-1);
  if (!line || line.ended) return undefined;
  return backups.findLast((backup) => backup.line === line.id && backup.checked.ok && chainOf(backups, backup) !== undefined);
}

export interface Way {
  readonly line: WalLine;
  /** The full backup first. */
  readonly chain: readonly BaseBackup[];
  /** WAL is played back from here … */
  readonly from: Lsn;
  /** … and all of it that is needed ends here. */
  readonly to: Lsn;
}

/** A moment, found in the records or in the WAL. */
export type Moment =
  | { readonly at: 'end' }
  | { readonly at: 'time'; readonly time: number }
  /** Somewhere in the WAL of a line. */
  | { readonly at: 'lsn'; readonly line: string; readonly lsn: Lsn };

/**
 * From which backups a moment is reached: the newest one before it, so that the least WAL is played back.
 * @throws NoodleError not-found, saying what is reached
 */
export function wayTo(records: Records, moment: Moment): Way {
  const ways = records.backups.flatMap((last) => {
    const line = records.lines.find(({ id }) => id === last.line);
    const chain = chainOf(records.backups, last);
    return line && chain && last.checked.ok ? [{ line, chain, from: parseLsn(last.startLsn), to: parseLsn(line.until.lsn) }] : [];
  });
  const found = ways.findLast(({ chain, line }) => reaches(chain.at(-1)!, line, moment));
  if (found) return found;
  throw unreachableMoment(records, moment);
}

function reaches(backup: BaseBackup, line: WalLine, moment: Moment): boolean {
  switch (moment.at) {
    case 'end':
      return true;
    case 'time':
      return backup.endedAt <= moment.time && moment.time <= line.until.at;
    case 'lsn':
      return line.id === moment.line && parseLsn(backup.endLsn) <= moment.lsn;
  }
}

/** What can be gone back to, oldest first: ms since the epoch. A line without a whole backup leads nowhere. */
export function windowsOf({
  backups,
  lines,
}: Records): readonly { readonly line: string; readonly from: number; readonly until: number }[] {
  return lines.flatMap((line) => {
    const first = backups.find((backup) => backup.line === line.id && backup.checked.ok && chainOf(backups, backup) !== undefined);
    return first ? [{ line: line.id, from: first.endedAt, until: Math.max(first.endedAt, line.until.at) }] : [];
  });
}

function unreachableMoment(records: Records, moment: Moment): NoodleError {
  const windows = windowsOf(records);
  const time = (ms: number) => new Date(ms).toISOString();
  const kept = windows.map(({ from, until }) => `${time(from)} to ${time(until)}`).join(', ');
  if (windows.length === 0) {
    return new NoodleError({
      code: 'not-found',
      what: 'There is no backup to go back to.',
      todo: 'Take one.',
      command: 'noodlebox postgres backup',
    });
  }
  const asked = moment.at === 'time' ? time(moment.time) : 'That moment';
  return new NoodleError({
    code: 'not-found',
    what: `${asked} is not within what is kept.`,
    why: `What can be gone back to: ${kept}.`,
    todo: 'Choose a moment within.',
    command: 'noodlebox postgres timeline',
  });
}

/** In words. */
export function targetText(target: RestoreTarget): string {
  switch (target.to) {
    case 'latest':
      return 'the newest moment that is kept';
    case 'time':
      return new Date(target.at).toISOString();
    case 'name':
      return `the point "${target.name}"`;
    case 'xid':
      return `right after transaction ${target.xid}`;
  }
}
