/** Pages of lines, as far as they have been fetched; the ones looked at longest ago are let go. */
export const pageLines = 200;
const pagesKept = 40;

export class PageCache<T> {
  private readonly pages = new Map<number, readonly T[]>();

  at(position: number): T | undefined {
    const number = Math.floor(position / pageLines);
    return this.pages.get(number)?.[position % pageLines];
  }

  /** Pages that hold positions `from` to `to` (exclusive) of `total` and are missing or not whole. */
  missing(from: number, to: number, total: number): number[] {
    const numbers: number[] = [];
    for (let number = Math.floor(from / pageLines); number * pageLines < Math.min(to, total); number++) {
      const whole = Math.min(pageLines, total - number * pageLines);
      const held = this.pages.get(number);
      if (held !== undefined) this.put(number, held);
      if (held === undefined || held.length < whole) numbers.push(number);
    }
    return numbers;
  }

  put(number: number, lines: readonly T[]): void {
    this.pages.delete(number);
    this.pages.set(number, lines);
    if (this.pages.size > pagesKept) this.pages.delete(this.pages.keys().next().value!);
  }
}
