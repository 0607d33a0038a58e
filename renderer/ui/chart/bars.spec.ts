import { expect, it } from 'vitest';
import { barsBeside } from './bars.ts';

it('puts the bars of a window beside each other, within it', () => {
  const first = barsBeside([0, 10, 30], 0, 2);
  const second = barsBeside([0, 10, 30], 1, 2);
  expect(first.starts.map(Math.round)).toEqual([1, 11, 31]);
  expect(first.width).toBe(4);
  expect(second.starts.map(Math.round)).toEqual([5, 15, 35]);
  expect(second.starts[0]! + second.width).toBeLessThan(10);
});

it('draws a single window', () => {
  expect(barsBeside([5], 0, 1).width).toBeCloseTo(0.8);
});
