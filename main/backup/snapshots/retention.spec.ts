import { expect, test } from 'vitest';
import type { Snapshot, SnapshotCause, SnapshotEntry } from '../../../preload/contract/snapshots.ts';
import { keepAll, needless, outlived } from './retention.ts';

const whole = (id: string, cause: SnapshotCause, name: string | null = null): SnapshotEntry => ({
  state: 'whole',
  id,
  snapshot: { id, cause, name } as Snapshot,
  hot: null,
  rehearsed: null,
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

const day = 86_400_000;
/** Newest first, a day apart, 100 bytes each. */
const asked = (...names: (string | null)[]): SnapshotEntry[] =>
  names.map((name, at) => ({
    state: 'whole',
    id: String(at),
    snapshot: { id: String(at), cause: 'asked', name, createdAt: (100 - at) * day, volumes: [{ bytes: 100 }] } as Snapshot,
    hot: null,
    rehearsed: null,
  }));
const goes = (entries: SnapshotEntry[], change: Partial<typeof keepAll>) =>
  outlived(entries, { ...keepAll, ...change }, 100.5 * day).map(({ id }) => id);

test('without a retention of the person nothing that was asked for goes', () => {
  expect(goes(asked(null, 'a', null), {})).toEqual([]);
});

test('a retention goes by count, by age and by size, the newest staying', () => {
  expect(goes(asked(null, null, null, null), { count: 2 })).toEqual(['2', '3']);
  expect(goes(asked(null, null, null, null), { days: 2 })).toEqual(['2', '3']);
  expect(goes(asked(null, null, null, null), { bytes: 350 })).toEqual(['3']);
});

test('a hot one takes its ready copy into account, and stays as if it had a name', () => {
  const [first, second, third] = asked(null, null, null);
  const hot = { ...(second as { state: 'whole' }), hot: { state: 'ready', bytes: 100, shared: 0 } } as SnapshotEntry;
  expect(goes([first!, hot, third!], { bytes: 350 })).toEqual(['2']);
  expect(goes([first!, hot, third!], { count: 1 })).toEqual(['2']);
});

test('named ones stay and count, unless they are said to go too', () => {
  expect(goes(asked(null, 'a', 'b', null), { count: 1 })).toEqual(['3']);
  expect(goes(asked(null, 'a', 'b', null), { count: 1, named: true })).toEqual(['1', '2', '3']);
});

test('the last one never goes, whatever the retention, nor what the last restore replaced', () => {
  expect(goes(asked(null), { days: 0.1, bytes: 1 })).toEqual([]);
  const broken: SnapshotEntry = { state: 'unreadable', id: '9', why: 'x' };
  expect(goes([broken, ...asked(null)], { days: 0.1 })).toEqual([]);
  const [newest, replaced, older] = asked(null, null, null);
  const kept = { ...replaced!, snapshot: { ...(replaced as { snapshot: Snapshot }).snapshot, cause: 'before-restore' } } as SnapshotEntry;
  expect(goes([newest!, kept, older!], { count: 1 })).toEqual(['2']);
});
