import { describe, expect, it } from 'vitest';
import type { BaseBackup, WalLine } from '../../../preload/contract/pitr.ts';
import { parseLsn, showLsn } from '../../services/postgres/physical/wal.ts';
import { chainOf, parentFor, wayTo, windowsOf, withDescendants } from './chain.ts';
import type { Records } from './records.ts';
import { neededOf, outdated } from './retention.ts';
import { planBackup } from './take.ts';

const MiB = 2 ** 20;

/** A backup of one second, from `at` s on; positions go on by a file a second. */
function backup(id: string, at: number, parent: BaseBackup | null = null, more: Partial<BaseBackup> = {}): BaseBackup {
  return {
    format: 1,
    id,
    kind: parent ? 'incremental' : 'full',
    parent: parent?.id ?? null,
    chain: parent?.chain ?? id,
    line: 'first',
    cause: 'asked',
    startedAt: at * 1_000,
    endedAt: (at + 1) * 1_000,
    startLsn: lsnAt(at),
    endLsn: lsnAt(at + 1),
    timeline: 1,
    bytes: 1,
    walBytes: 1,
    version: '17.6',
    checked: { at: 0, ok: true, why: null },
    ...more,
  };
}

function lsnAt(second: number): string {
  return showLsn(BigInt(second) * BigInt(16 * MiB));
}

function line(id: string, until: number, more: Partial<WalLine> = {}): WalLine {
  return {
    id,
    system: '1',
    timeline: 1,
    segment: 16 * MiB,
    from: lsnAt(1),
    until: { lsn: lsnAt(until), at: until * 1_000 },
    ended: null,
    ...more,
  };
}

const full = backup('a', 10);
const first = backup('b', 20, full);
const second = backup('c', 30, first);
const records = (backups: readonly BaseBackup[], lines: readonly WalLine[] = [line('first', 50)]): Records => ({
  backups,
  unreadable: [],
  lines,
  points: [],
});
const damaged = { checked: { at: 0, ok: false, why: 'base/1 has other content' } };

describe('a chain', () => {
  it('begins with its full backup, and is none when one of it is gone', () => {
    expect(chainOf([full, first, second], second)?.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(chainOf([full, second], second)).toBeUndefined();
  });

  it('records that lead in a circle are no chain', () => {
    const [one, other] = [backup('x', 1, backup('y', 2)), backup('y', 2, backup('x', 1))];
    expect(chainOf([one, other], one)).toBeUndefined();
  });

  it('goes with the backup that it builds on', () => {
    expect(withDescendants([full, first, second], 'b').map(({ id }) => id)).toEqual(['b', 'c']);
    expect(withDescendants([full, first, second], 'a').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });
});

describe('the way to a moment', () => {
  const to = (moment: number, given = records([full, first, second])) => wayTo(given, { at: 'time', time: moment * 1_000 });

  it('begins at the newest backup that had ended by then', () => {
    expect(to(31).chain.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(to(30.999).chain.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(to(11).chain.map(({ id }) => id)).toEqual(['a']);
  });

  it('is refused before the first backup and after the last WAL, with what there is', () => {
    for (const at of [10.999, 50.001]) expect(() => to(at)).toThrow(/is not within what is kept/);
    expect(() => to(60)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ why: expect.stringContaining('1970-01-01T00:00:50.000Z') }) }),
    );
    expect(() => to(20, records([]))).toThrow(/There is no backup/);
  });

  it('passes by what is damaged, and what builds on something that is gone', () => {
    expect(to(40, records([full, first, { ...second, ...damaged }])).chain.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(to(40, records([full, second])).chain.map(({ id }) => id)).toEqual(['a']);
  });

  it('to a position stays in its line', () => {
    const other = backup('d', 40, null, { line: 'second' });
    const given = records([full, other], [line('first', 35), line('second', 60)]);
    expect(wayTo(given, { at: 'lsn', line: 'first', lsn: parseLsn(lsnAt(45)) }).line.id).toBe('first');
    expect(wayTo(given, { at: 'lsn', line: 'second', lsn: parseLsn(lsnAt(45)) }).line.id).toBe('second');
    expect(() => wayTo(given, { at: 'lsn', line: 'second', lsn: parseLsn(lsnAt(12)) })).toThrow(/not within/);
  });

  it('windows are told a line, and a line without a whole backup has none', () => {
    const lines = [line('first', 35), line('second', 60)];
    expect(windowsOf(records([full], lines))).toEqual([{ line: 'first', from: 11_000, until: 35_000 }]);
  });
});

describe('what is taken next', () => {
  it('builds on the newest whole backup of the line that goes on', () => {
    expect(parentFor(records([full, first]))?.id).toBe('b');
    expect(parentFor(records([full, { ...first, ...damaged }]))?.id).toBe('a');
    expect(parentFor(records([full], [line('first', 50, { ended: { at: 1, why: 'a gap' } })]))).toBeUndefined();
    expect(parentFor(records([full], [line('first', 50), line('second', 60)]))).toBeUndefined();
  });

  it('is full where nothing can be built on, and refused where only what changed was asked for', () => {
    expect(planBackup(records([full]), 'auto', true)).toMatchObject({ kind: 'incremental', parent: full });
    expect(planBackup(records([full]), 'full', true)).toMatchObject({ kind: 'full' });
    expect(planBackup(records([]), 'auto', true)).toMatchObject({ kind: 'full' });
    expect(planBackup(records([full]), 'auto', false)).toMatchObject({ kind: 'full', why: expect.stringContaining('summarize_wal') });
    expect(() => planBackup(records([]), 'incremental', true)).toThrow(/nothing to build on/);
  });

  it('is full again after a long chain, unless what changed was asked for', () => {
    const chain = [full];
    for (let at = 1; at <= 24; at++) chain.push(backup(`n${String(at).padStart(2, '0')}`, 10 + at, chain.at(-1)!));
    expect(planBackup(records(chain), 'auto', true)).toMatchObject({ kind: 'full', why: expect.stringContaining('long') });
    expect(planBackup(records(chain), 'incremental', true)).toMatchObject({ kind: 'incremental' });
  });
});

describe('retention', () => {
  const later = backup('e', 1_000);

  it('lets go of chains as a whole, once a later one leads to all moments that are to stay', () => {
    expect(outdated([full, first, second, later], 25_000)).toEqual([]);
    // The later one leads to nothing before 1,001 s: the moments from 100 s on need the old chain.
    expect(outdated([full, first, second, later], 100_000)).toEqual([]);
    expect(outdated([full, first, second, later], 1_002_000).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('never of the last good chain, however old it is', () => {
    expect(outdated([full, first], 9_999_999_000)).toEqual([]);
    expect(outdated([full, first, { ...later, ...damaged }], 9_999_999_000)).toEqual([]);
    expect(outdated([{ ...full, ...damaged }, first], 9_999_999_000)).toEqual([]);
  });

  it('WAL is kept from the oldest backup of its line on; without one only what is still to come', () => {
    expect(neededOf(line('first', 50), [second, full])).toBe(parseLsn(lsnAt(10)));
    expect(neededOf(line('first', 50), [])).toBe(parseLsn(lsnAt(50)));
    expect(neededOf(line('first', 50, { ended: { at: 1, why: 'a gap' } }), [])).toBeUndefined();
  });
});
