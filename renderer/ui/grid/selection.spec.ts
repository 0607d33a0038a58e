import { expect, it } from 'vitest';
import type { GridCell } from './data-grid.tsx';
import { asTsv, holds, rangeOf } from './selection.ts';

const text = (value: string): GridCell => ({ text: value, kind: 'text' });
const cells: GridCell[][] = [
  [text('a'), text('two\nlines')],
  [{ text: 'NULL', kind: 'null' }, text('say "hi"')],
];
const cellAt = (row: number, column: number) => cells[row]?.[column];

it('a range is the same whichever end it was begun at', () => {
  expect(rangeOf({ row: 5, column: 1 }, { row: 2, column: 3 })).toEqual({ top: 2, bottom: 5, left: 1, right: 3 });
  expect(holds(rangeOf({ row: 0, column: 0 }, { row: 1, column: 0 }), 1, 1)).toBe(false);
});

it('one cell is copied as it is', () => {
  expect(asTsv(rangeOf({ row: 0, column: 1 }, { row: 0, column: 1 }), cellAt)).toBe('two\nlines');
});

it('many cells are copied as a spreadsheet takes them, and nothing where there is nothing', () => {
  expect(asTsv(rangeOf({ row: 0, column: 0 }, { row: 1, column: 1 }), cellAt)).toBe('a\t"two\nlines"\n\t"say ""hi"""');
});
