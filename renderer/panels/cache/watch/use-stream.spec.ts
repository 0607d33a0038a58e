import { expect, it } from 'vitest';
import { newest } from './use-stream.ts';

it('lets the oldest go once there are far too many', () => {
  expect(newest([1, 2], [3], 10)).toEqual([1, 2, 3]);
  expect(newest([1, 2, 3, 4], [5, 6, 7], 4)).toEqual([4, 5, 6, 7]);
  expect(newest([1], [2, 3, 4, 5, 6, 7, 8], 4)).toEqual([5, 6, 7, 8]);
  const same = [1];
  expect(newest(same, [], 4)).toBe(same);
});
