import { expect, it } from 'vitest';
import { gridCell } from './cells.ts';

it('tells null, empty and text apart, and keeps every digit', () => {
  expect(gridCell(null, 'float', 'utc')).toMatchObject({ kind: 'null' });
  expect(gridCell('', 'string', 'utc')).toMatchObject({ kind: 'empty' });
  expect(gridCell('null', 'string', 'utc')).toEqual({ text: 'null', kind: 'text', link: false });
  expect(gridCell('006f1fc0-1d9a-4584-b68a-6ea32bade890', 'string', 'utc')).toMatchObject({ link: true });
  expect(gridCell('long', 'string', 'utc', true)).toMatchObject({ text: 'long…' });
  expect(gridCell('9007199254740993', 'int', 'utc')).toEqual({ text: '9007199254740993', kind: 'number' });
  expect(gridCell('2026-01-01T00:00:00.123456789Z', 'time', 'utc')).toEqual({
    text: '2026-01-01 00:00:00.123456789 UTC',
    kind: 'text',
    copy: '2026-01-01T00:00:00.123456789Z',
  });
});
