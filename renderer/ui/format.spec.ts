import { describe, expect, it } from 'vitest';
import { bytes, clock, count, cpu, dateTime, duration, elapsed, plural } from './format.ts';

describe('numbers', () => {
  it('groups thousands and counts in words', () => {
    expect(count(1234567)).toBe('1,234,567');
    expect(plural(1, 'row')).toBe('1 row');
    expect(plural(1204, 'key')).toBe('1,204 keys');
    expect(plural(2, 'entry', 'entries')).toBe('2 entries');
  });

  it.each([
    [0, '0 B'],
    [1536, '1.5 KiB'],
    [9.96 * 1024 * 1024, '10 MiB'],
    [212 * 1024 * 1024, '212 MiB'],
    [1.4 * 1024 ** 3, '1.40 GiB'],
    [64 * 1024 ** 3, '64.0 GiB'],
  ])('shows %d bytes as %s', (n, text) => expect(bytes(n)).toBe(text));

  it.each([
    [0, '0.0 %'],
    [0.034, '3.4 %'],
    [0.0996, '10 %'],
    [1.62, '162 %'],
  ])('shows %d of a core as %s', (share, text) => expect(cpu(share)).toBe(text));
});

describe('times', () => {
  it.each([
    [480, '480 ms'],
    [999.6, '1.0 s'],
    [3210, '3.2 s'],
    [249_000, '4 min 09 s'],
    [7_500_000, '2 h 05 min'],
    [274_000_000, '3 d 4 h'],
  ])('shows a span of %d ms as %s', (ms, text) => expect(duration(ms)).toBe(text));

  it('ticks by the second and never below nought', () => {
    expect(elapsed(-50)).toBe('0 s');
    expect(elapsed(12_900)).toBe('12 s');
    expect(elapsed(61_999)).toBe('1 min 01 s');
  });

  it('shows the clock in UTC or in local time', () => {
    const time = Date.UTC(2026, 2, 1, 4, 5, 6, 7);
    expect(clock(time, 'utc')).toBe('04:05:06.007');
    expect(dateTime(time, 'utc')).toBe('2026-03-01 04:05:06.007 UTC');
    expect(dateTime(time, 'local')).toMatch(/^2026-0[23]-\d\d \d\d:\d\d:06\.007 [+-]\d\d:\d\d$/);
  });
});
