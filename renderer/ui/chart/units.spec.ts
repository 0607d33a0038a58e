import { expect, it } from 'vitest';
import { axisLabels, inUnit } from './units.ts';

it.each([
  [null, undefined, '–'],
  [3, 'count', '3'],
  [1234.56, undefined, '1234.6'],
  [0.12345, undefined, '0.123'],
  [0.000012, undefined, '1.2e-5'],
  [12_345_678, 'count', '12.3M'],
  [2_097_152, 'bytes', '2.0 MiB'],
  [1500, 'ms', '1.5 s'],
  [0.5, 'ms', '0.50 ms'],
  [0.034, 'share', '3.4 %'],
  [42, 'rows/s', '42 rows/s'],
])('%s in %s reads %s', (value, unit, text) => {
  expect(inUnit(value, unit)).toBe(text);
});

it('neighbours on an axis are told apart', () => {
  expect(axisLabels([0, 1024, 2048], 'bytes')).toEqual(['0 B', '1.0 KiB', '2.0 KiB']);
  expect(axisLabels([1_800_000, 1_820_000], 'bytes')).toEqual(['1.72 MiB', '1.74 MiB']);
  expect(axisLabels([1, 1], 'count')).toEqual(['1', '1']);
});
