import { expect, it } from 'vitest';
import { sortedPrefixes } from './sorted.ts';

const row = (prefix: string, memory: number, keys: number) => ({
  prefix,
  memory,
  keys,
  sampled: 1,
  largest: 1,
  largestKey: '',
  lasting: 0,
  types: [],
});

it('sorts by any column, either way', () => {
  const rows = [row('b', 10, 10), row('a', 30, 1), row('c', 20, 5)];
  const by = (key: string, descending: boolean) => sortedPrefixes(rows, { key, descending }).map(({ prefix }) => prefix);
  expect(by('memory', true)).toEqual(['a', 'c', 'b']);
  expect(by('prefix', false)).toEqual(['a', 'b', 'c']);
  expect(by('mean', false)).toEqual(['b', 'c', 'a']);
});
