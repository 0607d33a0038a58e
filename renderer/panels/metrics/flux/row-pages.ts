/** Rows that came, by page; the pages used last are kept. */
import type { FluxRow } from '../../../../preload/contract/index.ts';

const pageRows = 250;
/** Pages kept: 15,000 rows. */
const kept = 60;

export class RowPages {
  readonly #pages = new Map<string, readonly FluxRow[]>();
  readonly #asked = new Set<string>();

  at(result: number, row: number): FluxRow | undefined {
    return this.#pages.get(key(result, Math.floor(row / pageRows)))?.[row % pageRows];
  }

  /** Pages to ask for so that these rows are there; each is asked for once. A last page that has grown since is asked for again. */
  missing(result: number, from: number, to: number): { from: number; count: number }[] {
    const wanted = [];
    for (let page = Math.floor(from / pageRows); page * pageRows < to; page++) {
      const name = key(result, page);
      const have = this.#pages.get(name)?.length ?? 0;
      const needed = Math.min(pageRows, to - page * pageRows);
      if (have >= needed || this.#asked.has(name)) continue;
      this.#asked.add(name);
      wanted.push({ from: page * pageRows, count: pageRows });
    }
    return wanted;
  }

  put(result: number, from: number, rows: readonly FluxRow[]): void {
    const name = key(result, from / pageRows);
    this.#asked.delete(name);
    this.#pages.delete(name);
    this.#pages.set(name, rows);
    while (this.#pages.size > kept) this.#pages.delete(this.#pages.keys().next().value!);
  }

  failed(result: number, from: number): void {
    this.#asked.delete(key(result, from / pageRows));
  }
}

function key(result: number, page: number): string {
  return `${result}/${page}`;
}
