import { expect, it } from 'vitest';
import { timeLabels } from './time-axis.ts';

const hour = 3_600_000;

it('is clock times, with the date where a day begins', () => {
  expect(timeLabels([22 * hour, 23 * hour, 24 * hour, 25 * hour], hour, 'utc')).toEqual(['22:00', '23:00', '01-02', '01:00']);
});

it('is finer or coarser as the ticks are', () => {
  expect(timeLabels([0, 1_000], 1_000, 'utc')).toEqual(['00:00:00', '00:00:01']);
  expect(timeLabels([0, 100], 100, 'utc')).toEqual(['00:00:00.000', '00:00:00.100']);
  expect(timeLabels([0, 24 * hour], 24 * hour, 'utc')).toEqual(['01-01', '01-02']);
});
