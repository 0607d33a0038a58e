import { expect, it } from 'vitest';
import { shortTtl, ttlFrom } from './times.ts';

it.each([
  ['90s', 90_000],
  ['15 min', 900_000],
  ['2h 30m', 9_000_000],
  ['1.5d', 129_600_000],
  ['60', 60_000],
  ['250ms', 250],
  ['', null],
  ['Never', null],
  ['0', undefined],
  ['soon', undefined],
  ['5 s x', undefined],
  ['-5s', undefined],
])('%s is %s', (text, ms) => {
  expect(ttlFrom(text)).toBe(ms);
});

it('is short in a tree', () => {
  expect([500, 59_000, 3_540_000, 7_200_000, 864_000_000].map(shortTtl)).toEqual(['1s', '59s', '59m', '2h', '10d']);
});
