import type { MessageRow } from '../../../../preload/contract/index.ts';

/** Rows asked for at once. */
export const pageRows = 100;
/** Rows kept; those furthest from what was asked for last go. */
const most = 4_000;

/** Rows that came, by their place; and which are still to be asked for. */
export class RowStore {
  readonly #rows = new Map<number, MessageRow>();
  readonly #asked = new Set<number>();

  at(place: number): MessageRow | undefined {
    return this.#rows.get(place);
  }

  put(rows: readonly MessageRow[]): void {
    for (const row of rows) {
      this.#rows.delete(row.at);
      this.#rows.set(row.at, row);
    }
    for (const place of this.#rows.keys()) {
      if (this.#rows.size <= most) break;
      this.#rows.delete(place);
    }
  }

  /** Beginnings of pages of which something is missing and that were not asked for. @param to exclusive */
  missing(from: number, to: number): number[] {
    const pages: number[] = [];
    for (let page = Math.floor(from / pageRows) * pageRows; page < to; page += pageRows) {
      if (this.#asked.has(page)) continue;
      for (let place = Math.max(page, from); place < Math.min(page + pageRows, to); place++) {
        if (this.#rows.has(place)) continue;
        this.#asked.add(page);
        pages.push(page);
        break;
      }
    }
    return pages;
  }

  /** An answer came, or will not. */
  answered(page: number): void {
    this.#asked.delete(page);
  }

  clear(): void {
    this.#rows.clear();
    this.#asked.clear();
  }
}
