import { expect, it } from 'vitest';
import type { ElementRow } from '../../../../preload/contract/index.ts';
import { cellOf, placeOf, removalOf, valueCell } from './elements.ts';

const bytes = (data: string, more: object = {}) => ({ data, binary: false, bytes: data.length, cut: false, ...more });
const row = (more: Partial<ElementRow> = {}): ElementRow => ({
  name: 'f',
  long: false,
  value: bytes('v'),
  score: null,
  fields: null,
  ...more,
});

it('empty, binary, cut and JSON values look different', () => {
  expect(valueCell(bytes(''))).toEqual({ text: '', kind: 'empty' });
  expect(valueCell(bytes('AP8=', { binary: true }))).toEqual({ text: '00 ff', kind: 'binary', copy: 'AP8=' });
  expect(valueCell(bytes('{"a":1}'))).toMatchObject({ kind: 'json' });
  expect(valueCell(bytes('abc', { cut: true }))).toMatchObject({ text: 'abc…' });
});

it('shows a stream entry with its time and fields', () => {
  const entry = row({ name: '1700000000000-0', fields: [{ name: 'a', value: bytes('1') }, { name: 'b', value: bytes('2') }] }); // biome-ignore format: two fields
  expect(cellOf(entry, 'time', (ms) => new Date(ms).toISOString()).text).toBe('2023-11-14T22:13:20.000Z');
  expect(cellOf(entry, 'value', String).text).toBe('a: 1  b: 2');
});

it('knows where an element is read, and how it is taken away', () => {
  expect(placeOf({ type: 'list', row: row({ name: '7' }) })).toEqual({ in: 'list', index: 7 });
  expect(removalOf({ type: 'list', row: row({ name: '7' }) })).toEqual({ kind: 'list-remove', index: 7, was: bytes('v') });
  expect(removalOf({ type: 'zset', row: row() })).toEqual({ kind: 'zset-remove', members: ['f'] });
});
