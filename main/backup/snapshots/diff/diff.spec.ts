import { expect, test } from 'vitest';
import type { Snapshot } from '../../../../preload/contract/snapshots.ts';
import { countsOf } from './diff.ts';

type Stores = Snapshot['services'];
const store = (service: string, counts: Record<string, number> | null) =>
  ({ service, store: counts && { counts: Object.entries(counts).map(([name, rows]) => ({ name, rows })) } }) as Stores[number];

test('counts of both sides stand beside each other; what was not counted is told as such, and not as nothing', () => {
  const before = { services: [store('postgres', { users: 5, old: 1 }), store('redis', null), store('pulsar', null)] };
  const after = [store('postgres', { users: 7, fresh: 2 }), store('redis', { keys: 3 }), store('pulsar', null)];
  expect(countsOf(before, after, [])).toEqual([
    { service: 'postgres', name: 'users', before: 5, after: 7 },
    { service: 'postgres', name: 'old', before: 1, after: 0 },
    { service: 'postgres', name: 'fresh', before: 0, after: 2 },
    { service: 'redis', name: 'keys', before: null, after: 3 },
  ]);
  expect(countsOf(before, after, ['redis'])).toHaveLength(1);
});
