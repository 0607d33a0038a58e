import type { ElementRow } from '../../../../preload/contract/index.ts';

/** Elements that were fetched: by their place where the server knows places, else in the order they came. */
export class ElementPages {
  static readonly size = 200;
  /** Rows kept of those that come one after the other; who wants more narrows them. */
  static readonly most = 100_000;
  readonly #random: boolean;
  readonly #pages = new Map<number, readonly ElementRow[]>();
  readonly #asked = new Set<string>();
  #list: ElementRow[] = [];
  readonly #names = new Set<string>();
  #next: string | null = '';
  total: number | null = null;

  constructor(random: boolean) {
    this.#random = random;
  }

  get rows(): number {
    return this.#random ? (this.total ?? 0) : this.#list.length;
  }

  get more(): boolean {
    return !this.#random && this.#next !== null;
  }

  at(index: number): ElementRow | undefined {
    if (!this.#random) return this.#list[index];
    return this.#pages.get(Math.floor(index / ElementPages.size))?.[index % ElementPages.size];
  }

  /** Cursors to be asked for so that these rows are there; they count as asked. */
  wanted(from: number, to: number): string[] {
    const cursors: string[] = [];
    if (this.#random) {
      const end = this.total === null ? 1 : Math.min(to, this.total);
      for (let number = Math.floor(from / ElementPages.size); number * ElementPages.size < end; number++) {
        if (!this.#pages.has(number)) cursors.push(String(number * ElementPages.size));
      }
    } else if (this.#next !== null && to >= this.#list.length && this.#list.length < ElementPages.most) cursors.push(this.#next);
    const fresh = cursors.filter((cursor) => !this.#asked.has(cursor));
    for (const cursor of fresh) this.#asked.add(cursor);
    return fresh;
  }

  put(cursor: string, rows: readonly ElementRow[], next: string | null, total: number): void {
    this.#asked.delete(cursor);
    this.total = total;
    if (this.#random) {
      this.#pages.set(Number(cursor) / ElementPages.size, rows);
      if (this.#pages.size > 50) this.#pages.delete(this.#pages.keys().next().value!);
      return;
    }
    // The server may tell an element twice while others change.
    const fresh = rows.filter(({ name }) => !this.#names.has(name));
    for (const { name } of fresh) this.#names.add(name);
    this.#list = [...this.#list, ...fresh];
    this.#next = next;
  }

  failed(cursor: string): void {
    this.#asked.delete(cursor);
  }
}
