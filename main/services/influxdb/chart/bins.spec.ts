import { expect, it } from 'vitest';
import { boundsFor, sortIntoBins } from './bins.ts';

const samples = (values: readonly number[]) => values.map((value, index) => ({ time: index * 10, value }));

it('keeps every value, the largest too', () => {
  const { counts, bounds } = sortIntoBins(samples([0, 1, 2, 3, 10]), 0, 20, 3, 5);
  expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(5);
  expect(bounds[0]).toBe(0);
  expect(bounds.at(-1)).toBeGreaterThan(10);
});

it('has bounds that can be read', () => {
  expect(boundsFor(samples([0.1, 0.95]), 10)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  expect(boundsFor(samples([-12, 35]), 5)).toEqual([-20, -10, 0, 10, 20, 30, 40]);
});

it('has one row for one value, and one for none', () => {
  expect(boundsFor(samples([4, 4]), 10)).toEqual([2, 6]);
  expect(boundsFor([], 10)).toEqual([0, 1]);
});
