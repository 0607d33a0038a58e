/** Which cells are chosen, and what copying them gives: pure. */
import type { GridCell } from './data-grid.tsx';

export interface CellAt {
  readonly row: number;
  readonly column: number;
}

/** A rectangle, both ends included. */
export interface CellRange {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export function rangeOf(anchor: CellAt, focus: CellAt): CellRange {
  return {
    top: Math.min(anchor.row, focus.row),
    bottom: Math.max(anchor.row, focus.row),
    left: Math.min(anchor.column, focus.column),
    right: Math.max(anchor.column, focus.column),
  };
}

export function holds(range: CellRange | null, row: number, column: number): boolean {
  return range !== null && row >= range.top && row <= range.bottom && column >= range.left && column <= range.right;
}

/** Rows of a copy at most: what is more is exported. */
export const copyRows = 10_000;

/** Tab-separated lines, as spreadsheets take them: a cell with a tab, a line end or a quote is quoted. One cell is given as it is. */
export function asTsv(range: CellRange, cellAt: (row: number, column: number) => GridCell | undefined): string {
  if (range.top === range.bottom && range.left === range.right) return copied(cellAt(range.top, range.left));
  const lines: string[] = [];
  for (let row = range.top; row <= Math.min(range.bottom, range.top + copyRows - 1); row++) {
    const cells: string[] = [];
    for (let column = range.left; column <= range.right; column++) cells.push(quoted(copied(cellAt(row, column))));
    lines.push(cells.join('\t'));
  }
  return lines.join('\n');
}

function copied(cell: GridCell | undefined): string {
  if (cell === undefined || cell.kind === 'null' || cell.kind === 'missing' || cell.kind === 'empty') return cell?.copy ?? '';
  return cell.copy ?? cell.text;
}

function quoted(text: string): string {
  return /["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
