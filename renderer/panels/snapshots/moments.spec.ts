import { expect, it } from 'vitest';
import type { BackupEntry, BaseBackup, Schedule, Snapshot, SnapshotEntry } from '../../../preload/contract/index.ts';
import { lineOf, momentsOf } from './moments.ts';

const snapshot = (id: string, createdAt: number, change: Partial<Snapshot> = {}): SnapshotEntry => ({
  state: 'whole',
  id,
  snapshot: { id, createdAt, name: null, cause: 'asked', of: null, ...change } as Snapshot,
  hot: null,
  rehearsed: null,
});
const backup = (id: string, createdAt: number) => ({ state: 'whole', id, backup: { id, createdAt, name: 'b' } }) as BackupEntry;
const base = (id: string, endedAt: number) => ({ id, endedAt, kind: 'full', cause: 'schedule' }) as BaseBackup;
const jobs = (...next: (number | null)[]) => next.map((at) => ({ job: { name: 'nightly' }, next: at })) as Schedule['entries'];

it('puts all kinds on one line, newest first, and what cannot be read before all', () => {
  const broken: SnapshotEntry = { state: 'unreadable', id: 'x', why: '' };
  const moments = momentsOf([snapshot('s', 100), broken], [backup('b', 300)], [base('p', 200)]);
  expect(moments.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['snapshot x', 'backup b', 'base p', 'snapshot s']);
});

it('sets marks between the oldest and now, and the stretches that PostgreSQL can go back to', () => {
  const line = lineOf(
    momentsOf([snapshot('s', 100, { cause: 'before-reset' })], [backup('b', 150)], []),
    [{ line: 'l', from: 120, until: 180 }],
    [],
    200,
  )!;
  expect(line.marks.map(({ id, at, asked, label }) => [id, at, asked, label])).toEqual([
    ['b', 0.5, true, 'b'],
    ['s', 0, false, 'Before a reset'],
  ]);
  expect(line).toMatchObject({ now: 1, oldest: 100, windows: [{ from: 0.2, until: 0.8 }], next: [] });
});

it('leaves room for what the schedule makes next, the nearest first, and shows nothing where there is nothing', () => {
  const line = lineOf(momentsOf([snapshot('s', 100)], [], []), [], jobs(900, 300, null), 200)!;
  expect(line.now).toBeCloseTo(0.82);
  expect(line.next.map(({ time }) => time)).toEqual([300, 900]);
  expect(line.next.every(({ at }) => at > line.now && at < 1)).toBe(true);
  expect(lineOf([], [], jobs(null), 200)).toBeUndefined();
});
