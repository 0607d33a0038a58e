import { describe, expect, it } from 'vitest';
import { cellOf, gridColumn } from './cells.ts';

describe('a cell', () => {
  it('tells NULL, an empty text, what is cut and what has not come from each other', () => {
    expect(cellOf(null, 'text')).toEqual({ text: 'NULL', kind: 'null' });
    expect(cellOf('', 'text')).toEqual({ text: '', kind: 'empty' });
    expect(cellOf(undefined, 'text')).toBeUndefined();
    expect(cellOf({ cut: 'abc', bytes: 5_000 }, 'json')).toMatchObject({ text: 'abc…', kind: 'json' });
  });

  it('is one line, and copies as it is', () => {
    expect(cellOf('a\n\tb', 'text')).toEqual({ text: 'a⏎⇥b', kind: 'text', copy: 'a\n\tb' });
    expect(cellOf('9007199254740993', 'number')).toMatchObject({ text: '9007199254740993', kind: 'number' });
    expect(cellOf('t', 'boolean')).toEqual({ text: 'true', kind: 'boolean' });
  });
});

it('a column is as wide as its first values, within reason', () => {
  const column = { name: 'n', type: 'character varying(50)', kind: 'text' as const };
  expect(gridColumn(column, 3, ['x'])).toMatchObject({ key: '3', type: 'varchar(50)', width: 80, align: 'left' });
  expect(gridColumn(column, 3, ['x'.repeat(1_000), null]).width).toBe(320);
});
