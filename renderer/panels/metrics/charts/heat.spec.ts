import { expect, it } from 'vitest';
import { axisTicks, boxAt, shade, timeTicks } from './heat.ts';

const distribution = {
  start: 0,
  stop: 200,
  every: 100,
  times: [0, 100],
  bounds: [0, 10, 20],
  counts: [
    [3, 0],
    [0, 7],
  ],
  of: { kind: 'points' as const },
  points: 10,
  took: 1,
};
const plot = { left: 10, top: 10, width: 200, height: 100 };

it('finds the box under a place', () => {
  expect(boxAt(distribution, plot, { x: 20, y: 100 })).toEqual({ count: 3, from: 0, to: 10, time: 0 });
  expect(boxAt(distribution, plot, { x: 150, y: 20 })).toEqual({ count: 7, from: 10, to: 20, time: 100 });
  expect(boxAt(distribution, plot, { x: 20, y: 20 })).toBeUndefined();
  expect(boxAt(distribution, plot, { x: 5, y: 50 })).toBeUndefined();
});

it('shows one among many', () => {
  expect(shade(1, 100_000)).toBeGreaterThan(0.12);
  expect(shade(100, 100)).toBe(1);
  expect(shade(20, 100)).toBeGreaterThan(shade(10, 100));
});

it('has as many ticks as there is room for', () => {
  expect(axisTicks([0, 1, 2, 3, 4, 5, 6], 3)).toEqual([0, 2, 4, 6]);
  const hour = 3_600_000;
  expect(timeTicks(10 * 60_000, hour, 6, 'utc').map(({ text }) => text)).toEqual(['00:10', '00:20', '00:30', '00:40', '00:50', '01:00']);
  expect(timeTicks(0, 48 * hour, 2, 'utc').map(({ text }) => text)).toEqual(['1970-01-01', '1970-01-02', '1970-01-03']);
});
