import { expect, it } from 'vitest';
import { around, fromField, panned, spanWord, toField, widened } from './range.ts';

const hour = 3_600_000;

it('moves by a share of what is seen', () => {
  expect(panned({ start: 100, stop: 200 }, -0.5, 0)).toEqual({ start: 50, stop: 150 });
  expect(panned({ last: 100 }, -1, 1_000)).toEqual({ start: 800, stop: 900 });
});

it('widens to twice the time, and not into the future', () => {
  expect(widened({ last: hour }, 0)).toEqual({ last: 2 * hour });
  expect(widened({ start: 0, stop: 100 }, 1_000)).toEqual({ start: -50, stop: 150 });
  expect(widened({ start: 0, stop: 100 }, 110)).toEqual({ start: -50, stop: 110 });
});

it('goes to a point in time with room on both sides', () => {
  const { start, stop } = around(10 * hour, { last: 60_000 }, 0);
  expect(stop - start).toBe(hour);
  expect(start).toBeLessThan(10 * hour);
  expect(stop).toBeGreaterThan(10 * hour);
});

it('says a span in words', () => {
  expect([200, 10_000, 300_000, 90_000, 6 * hour, 7 * 24 * hour].map(spanWord)).toEqual([
    '200 ms',
    '10 s',
    '5 min',
    '1.5 min',
    '6 h',
    '7 d',
  ]);
});

it('reads what it writes into a field', () => {
  // No clock anywhere is put forward or back then.
  const time = Date.UTC(2026, 5, 15, 12, 34, 56);
  expect(fromField(toField(time))).toBe(time);
  expect(fromField('never')).toBeNull();
});
