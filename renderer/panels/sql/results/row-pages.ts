/** Pages of rows as far as they have come; those looked at longest ago are let go. A page may come in parts: large rows do. */
export const pageRows = 500;
const pagesKept = 40;

export class RowPages<T> {
  private readonly pages = new Map<number, readonly T[]>();

  at(row: number): T | undefined {
    return this.pages.get(Math.floor(row / pageRows))?.[row % pageRows];
  }

  /** What is missing of rows `from` to `to` (exclusive) of `total`: where each missing part begins, and how many rows it has. */
  missing(from: number, to: number, total: number): { from: number; count: number }[] {
    const parts: { from: number; count: number }[] = [];
    for (let page = Math.floor(from / pageRows); page * pageRows < Math.min(to, total); page++) {
      const held = this.pages.get(page);
      if (held) this.keep(page, held);
      const there = held?.length ?? 0;
      const whole = Math.min(pageRows, total - page * pageRows);
      if (there < whole) parts.push({ from: page * pageRows + there, count: whole - there });
    }
    return parts;
  }

  /** Rows that came, from a row on; those that do not continue what is there are dropped. */
  put(from: number, rows: readonly T[]): void {
    const page = Math.floor(from / pageRows);
    const held = this.pages.get(page) ?? [];
    if (held.length === from % pageRows) this.keep(page, [...held, ...rows]);
  }

  private keep(page: number, rows: readonly T[]): void {
    this.pages.delete(page);
    this.pages.set(page, rows);
    if (this.pages.size > pagesKept) this.pages.delete(this.pages.keys().next().value!);
  }
}
