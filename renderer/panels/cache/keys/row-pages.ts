import type { KeyRow } from '../../../../preload/contract/index.ts';

interface Page {
  readonly version: number;
  readonly at: number;
  readonly rows: readonly KeyRow[];
}

/** Rows by the page, of the version they were fetched at. What is out of date is shown until the new is there. */
export class RowPages {
  static readonly size = 200;
  static readonly kept = 40;
  readonly #pages = new Map<number, Page>();
  readonly #asked = new Set<number>();

  at(index: number): KeyRow | undefined {
    return this.#pages.get(Math.floor(index / RowPages.size))?.rows[index % RowPages.size];
  }

  /**
   * Pages of rows `from` to `to` (exclusive) to be fetched now; they count as asked for.
   * @param fresh ms: what was fetched less long ago may be of an older version
   */
  wanted(from: number, to: number, version: number, fresh: number, now: number = performance.now()): number[] {
    const numbers: number[] = [];
    for (let number = Math.floor(from / RowPages.size); number * RowPages.size < to; number++) {
      const page = this.#pages.get(number);
      const good = page !== undefined && (page.version === version || now - page.at < fresh);
      if (good || this.#asked.has(number)) continue;
      this.#asked.add(number);
      numbers.push(number);
    }
    return numbers;
  }

  put(number: number, version: number, rows: readonly KeyRow[], now: number = performance.now()): void {
    this.#asked.delete(number);
    this.#pages.delete(number);
    this.#pages.set(number, { version, rows, at: now });
    if (this.#pages.size > RowPages.kept) this.#pages.delete(this.#pages.keys().next().value!);
  }

  failed(number: number): void {
    this.#asked.delete(number);
  }

  /** Another scan has begun: all is out of date, and what is on its way is of no use. */
  outdate(): void {
    this.#asked.clear();
    for (const [number, page] of this.#pages) this.#pages.set(number, { ...page, version: -1, at: Number.NEGATIVE_INFINITY });
  }
}
