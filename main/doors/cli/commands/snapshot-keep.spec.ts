import { expect, test } from 'vitest';
import { askedFor } from './snapshot-keep.ts';

test('sizes are of 1,024 and take the usual units', () => {
  expect(['1KiB', '1.5 MB', '2g', '10'].map((size) => askedFor({ size })!.bytes)).toEqual([1024, 1.5 * 2 ** 20, 2 * 2 ** 30, 10]);
});

test('without options nothing is changed, and what makes no sense is refused', () => {
  expect(askedFor({})).toBeUndefined();
  expect(askedFor({ all: true })).toMatchObject({ count: null, days: null, bytes: null });
  for (const options of [{ count: '0' }, { count: '1.5' }, { days: 'x' }, { size: '-1' }, { size: '5 apples' }, { named: true }])
    expect(() => askedFor(options)).toThrow();
  expect(() => askedFor({ all: true, count: '1' })).toThrow('cannot both be');
});
