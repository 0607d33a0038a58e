import { expect, it } from 'vitest';
import type { Snapshot } from '../../../preload/contract/index.ts';
import { age, changeWords, holds, itemWords, progressWords, stepWords, whyTaken } from './snapshot-view.ts';

const snapshot = (change: Partial<Snapshot>): Snapshot =>
  ({ id: 'x', name: null, cause: 'asked', of: null, services: [], ...change }) as Snapshot;

it('tells an age in its largest unit', () => {
  expect([59_000, 60_000, 7_200_000, 200_000_000].map(age)).toEqual(['just now', '1 min ago', '2 h ago', '2 d ago']);
});

it('tells bytes, rate and time left', () => {
  expect(progressWords(50 * 2 ** 20, 100 * 2 ** 20, 1000)).toBe('50 MiB of 100 MiB, 50 MiB/s, 1.0 s left');
  expect(progressWords(0, 100 * 2 ** 20, 0)).toBe('0 B of 100 MiB');
});

it('names steps in words', () => {
  expect(stepWords({ kind: 'copy', id: 'copy pg', service: null, target: 'pg' })).toBe('Copy pg');
  expect(stepWords({ kind: 'keep', id: 'keep mine', service: null, target: 'mine' })).toBe('Keep the old data');
  expect(stepWords({ kind: 'stop', id: 'stop pg', service: 'pg', target: 'mine-pg-1' })).toBe('Stop pg');
  expect(stepWords({ kind: 'pull', id: 'pull pg:17', service: 'pg', target: 'pg:17' })).toBe('Pull pg:17');
  expect(stepWords({ kind: 'dump', id: 'dump pg', service: 'pg', target: 'pg' })).toBe('dump pg');
  expect(stepWords({ kind: 'count', id: 'count rows', service: null, target: 'rows' })).toBe('Find what the ids reach');
});

it('says why one was taken and what it holds', () => {
  expect(whyTaken(snapshot({ cause: 'before-restore', of: 'y' }))).toBe('Before the restore of y');
  const services = [
    {
      service: 'postgres',
      store: {
        counts: [
          { name: 'a', rows: 1200 },
          { name: 'b', rows: 34 },
        ],
      },
    },
    { service: 'redis', store: null },
  ] as unknown as Snapshot['services'];
  expect(holds(snapshot({ services }))).toBe('postgres 1,234');
});

it('says what changed in a part', () => {
  const part = { name: 't', state: 'differs' as const, before: 5, after: 6, added: 2, removed: 1, changed: 0, listed: [] };
  expect(changeWords(part, 'row')).toBe('2 rows added, 1 removed');
  expect(changeWords({ ...part, before: null, added: 1, removed: 0 }, 'row')).toBe('new, 1 row added');
  expect(changeWords({ ...part, after: null, added: 0, removed: 5 }, 'row')).toBe('gone, 5 rows removed');
  expect(changeWords({ ...part, state: 'too-large' }, 'key')).toBe('differs; too large to be compared key by key');
});

it('tells items and time left', () => {
  expect(itemWords(500, 1000, 'items', 1000)).toBe('500 of 1,000 items, 1.0 s left');
  expect(itemWords(500, 0, 'rows of users', 1000)).toBe('500 rows of users');
});
