import { expect, it } from 'vitest';
import { metricsSearch, ofRange, rangeOf } from './search.ts';

it('keeps what it understands, and says nothing of defaults', () => {
  expect(
    metricsSearch({
      tab: 'explore', bucket: 'b', measurement: 'm', fields: ['v', 3], aggregate: 'mean', draw: 'line', last: 3_600_000,
      filters: [{ key: 'host', values: ['a', ''] }, { key: '', values: ['x'] }, { key: 'k' }, 'junk'], every: -1, start: 5, what: 'else',
    }),
  ).toEqual({ bucket: 'b', measurement: 'm', fields: ['v'], filters: [{ key: 'host', values: ['a', ''] }] }); // biome-ignore format: one search
  expect(metricsSearch({ tab: 'junk', draw: 'heat', aggregate: 'p95', refresh: 10, start: 1, stop: 2 })).toEqual({
    draw: 'heat',
    aggregate: 'p95',
    refresh: 10,
    start: 1,
    stop: 2,
  });
});

it('understands what a trace links to', () => {
  const link = { bucket: 'b', measurement: 'm', fields: ['value'], filters: [{ key: 'job_id', values: ['x'] }], start: 1_000, stop: 2_000 };
  expect(metricsSearch(link)).toEqual(link);
});

it('has one range at a time', () => {
  expect(rangeOf({})).toEqual({ last: 3_600_000 });
  expect(rangeOf({ last: 60_000, start: 1, stop: 2 })).toEqual({ start: 1, stop: 2 });
  expect(ofRange({ last: 5 })).toEqual({ last: 5, start: undefined, stop: undefined });
  expect(ofRange({ start: 1, stop: 2 })).toEqual({ start: 1, stop: 2, last: undefined });
});
