import { expect, it } from 'vitest';
import { aggregated, rawInterval, windowed } from './raw.ts';

const line = (times: number[], values = times) => new Map([['a', { times, values }]]);

it('makes windows of points in any order', () => {
  expect([...windowed(line([25, 1, 12, 19]), 0, 10, 'mean').get('a')!]).toEqual([
    [20, 25],
    [0, 1],
    [10, 15.5],
  ]);
});

it('aggregates as the server does', () => {
  const values = [4, 1, 3, 2];
  const of = (aggregate: Parameters<typeof aggregated>[1]) => aggregated(values, aggregate);
  expect([of('mean'), of('min'), of('max'), of('sum'), of('median'), of('p95')]).toEqual([2.5, 1, 4, 10, 2.5, 4]);
  expect(aggregated([1, 1, 1], 'count')).toBe(3);
});

it('knows how far apart points come, whatever the number of series', () => {
  expect(rawInterval(line([0, 0, 0, 300, 300, 600]))).toBe(300);
  expect(rawInterval(line([5]))).toBe(0);
});
