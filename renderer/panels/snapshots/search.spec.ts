import { expect, it } from 'vitest';
import { snapshotsSearch } from './search.ts';

it('keeps the id of a snapshot and nothing else', () => {
  expect(snapshotsSearch({ id: '20260314-092653-1a2b', other: 1 })).toEqual({ id: '20260314-092653-1a2b' });
  expect(snapshotsSearch({ id: '' })).toEqual({});
  expect(snapshotsSearch({ id: 7 })).toEqual({});
});
