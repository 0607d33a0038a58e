/**
 * Scrolling lists longer than a browser can be: Chromium lays nothing out beyond about 16.7 million px.
 * A list has a virtual height (rows × row height) and a physical one that the scroll bar sees; where the
 * virtual one is too long, positions are scaled between them.
 */

/** The tallest element a list makes, px: half of what Chromium can lay out. */
export const tallest = 8_000_000;

export interface ScrollSpace {
  readonly rows: number;
  readonly rowHeight: number;
  /** Height of what is seen, px. */
  readonly view: number;
}

export function virtualHeight({ rows, rowHeight }: ScrollSpace): number {
  return rows * rowHeight;
}

export function physicalHeight(space: ScrollSpace): number {
  return Math.min(virtualHeight(space), tallest);
}

/** The furthest virtual position. */
export function lastTop(space: ScrollSpace): number {
  return Math.max(0, virtualHeight(space) - space.view);
}

export function toVirtual(scrollTop: number, space: ScrollSpace): number {
  const physical = physicalHeight(space) - space.view;
  return physical <= 0 ? 0 : clampTop((scrollTop * lastTop(space)) / physical, space);
}

export function toPhysical(top: number, space: ScrollSpace): number {
  const last = lastTop(space);
  return last <= 0 ? 0 : (top * (physicalHeight(space) - space.view)) / last;
}

export function clampTop(top: number, space: ScrollSpace): number {
  return Math.min(lastTop(space), Math.max(0, top));
}

/** Rows in sight, `from` inclusive, `to` exclusive. */
export function rowsInSight(top: number, space: ScrollSpace): { readonly from: number; readonly to: number } {
  const from = Math.floor(top / space.rowHeight);
  return { from, to: Math.min(space.rows, Math.ceil((top + space.view) / space.rowHeight)) };
}

/** The nearest position that shows the whole of a row. */
export function topShowing(row: number, top: number, space: ScrollSpace): number {
  const start = row * space.rowHeight;
  if (start < top) return start;
  if (start + space.rowHeight > top + space.view) return clampTop(start + space.rowHeight - space.view, space);
  return top;
}
