import { expect, it } from 'vitest';
import { lagSeries } from './lag-series.ts';

it('draws a line for each subscription, with gaps where it was not there', () => {
  const sample = (at: number, backlog: Record<string, number>) => ({ at, rateIn: 0, rateOut: 0, backlog });
  expect(lagSeries([sample(1, { b: 5 }), sample(2, { b: 4, a: 0 })])).toEqual({
    times: [1, 2],
    series: [
      { name: 'a', values: [null, 0] },
      { name: 'b', values: [5, 4] },
    ],
  });
});
