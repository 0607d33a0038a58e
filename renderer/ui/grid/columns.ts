/** Where columns stand: pure arithmetic of widths. */
import type { GridColumn } from './data-grid.tsx';

export const defaultWidth = 160;
export const leastWidth = 48;
export const mostWidth = 900;

/** Left edges of the columns, px, and the whole width as the last. */
export function edges(columns: readonly GridColumn[], widths: Readonly<Record<string, number>>): number[] {
  const lefts = [0];
  for (const column of columns) lefts.push(lefts.at(-1)! + widthOf(column, widths));
  return lefts;
}

export function widthOf(column: GridColumn, widths: Readonly<Record<string, number>>): number {
  return widths[column.key] ?? column.width ?? Math.max(defaultWidth, Math.min(240, column.name.length * 8 + 40));
}

export function clampWidth(width: number): number {
  return Math.min(mostWidth, Math.max(leastWidth, Math.round(width)));
}

/** Columns of which some part lies between two positions: `from` inclusive, `to` exclusive. */
export function columnsInSight(lefts: readonly number[], left: number, width: number): { from: number; to: number } {
  const count = lefts.length - 1;
  let from = 0;
  while (from < count - 1 && lefts[from + 1]! <= left) from++;
  let to = from;
  while (to < count && lefts[to]! < left + width) to++;
  return { from, to };
}
