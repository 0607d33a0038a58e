import { expect, it } from 'vitest';
import { chooseWindow, stepFor } from './window.ts';

const hour = 3_600_000;
const facts = { length: hour, pixels: 1_000, interval: 0, most: 4_000 };

it('gives each window two pixels', () => {
  expect(chooseWindow(facts)).toEqual({ every: 10_000, because: 'pixels' });
  expect(chooseWindow({ ...facts, pixels: 300 })).toEqual({ every: 30_000, because: 'pixels' });
  expect(chooseWindow({ ...facts, length: 24 * hour })).toEqual({ every: 300_000, because: 'pixels' });
});

it('is no shorter than the data come', () => {
  expect(chooseWindow({ ...facts, interval: 300_000 })).toEqual({ every: 300_000, because: 'data' });
});

it('takes the window asked for, unless that gave more than the chart may have', () => {
  expect(chooseWindow({ ...facts, asked: 1_234, interval: 300_000 })).toEqual({ every: 1_234, because: 'asked' });
  expect(chooseWindow({ ...facts, asked: 1, most: 100 })).toEqual({ every: 60_000, because: 'bound' });
});

it('has no longest range', () => {
  expect(stepFor(3_000 * 86_400_000)).toBe(9 * 365 * 86_400_000);
});
