import { expect, it } from 'vitest';
import { summary } from './summary.ts';

it('a summary leaves gaps out', () => {
  expect(summary([null, 2, 4, null, 0])).toEqual({ min: 0, max: 4, mean: 2, last: 0 });
  expect(summary([1, null])).toMatchObject({ last: 1 });
});

it('of nothing there is nothing to say', () => {
  expect(summary([])).toEqual({ min: null, max: null, mean: null, last: null });
  expect(summary([null, Number.NaN])).toEqual({ min: null, max: null, mean: null, last: null });
});

it('only what is in range counts', () => {
  expect(summary([1, 2, 3, 100], 1, 3)).toEqual({ min: 2, max: 3, mean: 2.5, last: 3 });
});
