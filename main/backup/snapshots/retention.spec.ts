import { expect, test } from 'vitest';
import type { Snapshot, SnapshotCause, SnapshotEntry } from '../../../preload/contract/snapshots.ts';
import { needless } from './retention.ts';

const whole = (id: string, cause: SnapshotCause, name: string | null = null): SnapshotEntry => ({
  state: 'whole',
  id,
  snapshot: { id, cause, name } as Snapshot,
});

test('of old data kept by restores only the newest stays', () => {
  expect(needless([whole('3', 'before-restore'), whole('2', 'asked'), whole('1', 'before-restore')], 'before-restore')).toEqual(['1']);
});

test('three safety snapshots stay', () => {
  const entries = ['5', '4', '3', '2', '1'].map((id) => whole(id, Number(id) % 2 ? 'before-reset' : 'before-down'));
  expect(needless(entries, 'safety')).toEqual(['2', '1']);
});

test('what was asked for, named or cannot be read never goes', () => {
  const broken: SnapshotEntry = { state: 'unreadable', id: '0', why: 'x' };
  expect(
    needless([whole('2', 'before-restore'), whole('1', 'before-restore', 'mine'), whole('0', 'asked'), broken], 'before-restore'),
  ).toEqual([]);
});
