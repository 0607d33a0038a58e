import { expect, test } from 'vitest';
import { checkLine } from '../write/line-protocol.ts';
import { lineOf } from './line.ts';

const point = { measurement: 'm', tags: [], field: 'f', type: 'double', value: '1.5', time: '2026-01-02T03:04:05.000000007Z' };

test('every type is written so that it stays that type', () => {
  const written = (type: string, value: string) => lineOf({ ...point, type, value }).split(' ')[1];
  expect(written('long', '-9223372036854775808')).toBe('f=-9223372036854775808i');
  expect(written('unsignedLong', '18446744073709551615')).toBe('f=18446744073709551615u');
  expect(written('double', '1e+300')).toBe('f=1e+300');
  expect(written('boolean', 'true')).toBe('f=true');
  expect(written('string', 'a"b\\')).toBe('f="a\\"b\\\\"');
});

test('names with commas, spaces and equals signs are escaped, and the line is one that the server takes', () => {
  const line = lineOf({ ...point, measurement: 'a b,c', tags: [['z=1', 'x y'], ['k,', 'v=,']], field: 'f =,' }); // biome-ignore format: one line
  expect(line).toBe('a\\ b\\,c,k\\,=v\\=\\,,z\\=1=x\\ y f\\ \\=\\,=1.5 1767323045000000007');
  expect(checkLine(line, 'ns')).toEqual({ kind: 'point' });
});
