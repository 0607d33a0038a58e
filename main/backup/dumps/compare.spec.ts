import { expect, it } from 'vitest';
import { differences } from './compare.ts';

const of = (name: string, count: number, checksum: string | null = null, fleeting?: boolean) => ({ name, count, checksum, fleeting });

it('finds nothing in what is the same, nor where there was nothing to compare', () => {
  expect(differences([of('users', 2, 'a'), of('empty', 0)], [of('users', 2, 'a')])).toEqual([]);
  expect(differences([of('users', 2, 'a')], [of('users', 2)])).toEqual([]);
});

it('tells what is missing, more, other, and was not there', () => {
  const wanted = [of('gone', 1_000), of('fewer', 3), of('more', 3), of('other', 3, 'a')];
  const has = [of('fewer', 2), of('more', 4), of('other', 3, 'b'), of('stranger', 1), of('empty stranger', 0)];
  expect(differences(wanted, has)).toEqual([
    'gone: 0 instead of 1,000',
    'fewer: 2 instead of 3',
    'more: 4 instead of 3',
    'other: as many, but not the same',
    'stranger: 1 that were not there',
  ]);
});

it('takes what expires as it is, unless there is more of it', () => {
  expect(differences([of('sessions', 5, null, true)], [of('sessions', 2, null, true)])).toEqual([]);
  expect(differences([of('points', 5, 'a', true)], [of('points', 2, 'b', true)])).toEqual([]);
  expect(differences([of('points', 5, 'a', true)], [of('points', 5, 'b', true)])).toEqual(['points: as many, but not the same']);
  expect(differences([of('sessions', 5, null, true)], [of('sessions', 6, null, true)])).toEqual(['sessions: 6 instead of 5']);
});
