import { expect, it } from 'vitest';
import { together } from './dump.ts';

it('values are asked for together as far as they are small, and a large one alone', () => {
  const sizes = [1, 2, 3, 100, 1, 9, 1];
  expect(together(sizes, (size) => size, 10)).toEqual([[1, 2, 3], [100], [1, 9], [1]]);
  expect(together([], () => 1, 10)).toEqual([]);
});
