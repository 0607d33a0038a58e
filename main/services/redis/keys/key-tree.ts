/**
 * Keys as a tree of folders, cut by a delimiter. A folder is cut into its children only when it is opened:
 * until then it is a list of numbers.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { nameOf } from '../bytes.ts';
import { KeyList } from './key-list.ts';
import type { KeyStore } from './key-store.ts';

/** Keys cut into children before other work gets its turn. */
const cutAtOnce = 10_000;

interface Folder {
  /** Bytes before its children's names: its prefix with the delimiter. */
  readonly prefix: Buffer;
  readonly depth: number;
  readonly parent: Folder | null;
  /** Keys below it, at any depth. */
  count: number;
  /** Keys not cut into children yet, in a folder that was never opened; else those that are right in it. */
  keys: KeyList;
  /** Its folders by their name as latin1; null while it was never opened. */
  folders: Map<string, Folder> | null;
  /** The same in order; null when they have changed. */
  order: Folder[] | null;
  open: boolean;
  loading: boolean;
  /** Rows it takes with all that is open below it, itself included. */
  rows: number;
}

export interface TreeEntry {
  readonly kind: 'folder' | 'key';
  readonly depth: number;
  /** Number of the key; -1 of a folder. */
  readonly number: number;
  readonly key: string;
  readonly label: string;
  readonly open: boolean;
  readonly loading: boolean;
  readonly keys: number;
}

export class KeyTree {
  readonly #store: KeyStore;
  readonly #delimiter: Buffer;
  readonly #root: Folder;
  /** Changes whenever rows may have moved. */
  version = 0;

  /** @param delimiter empty: no folders */
  constructor(store: KeyStore, delimiter: string) {
    this.#store = store;
    this.#delimiter = Buffer.from(delimiter);
    this.#root = folder(Buffer.alloc(0), -1, null);
    this.#root.folders = new Map();
    this.#root.open = true;
    this.#root.rows = 0;
  }

  get rows(): number {
    return this.#root.rows;
  }

  get count(): number {
    return this.#root.count;
  }

  add(number: number): void {
    this.#place(number, this.#root);
    this.version++;
  }

  remove(number: number): void {
    const bytes = this.#store.bytes(number);
    const chain: Folder[] = [];
    for (let at: Folder | undefined = this.#root; at !== undefined; at = this.#childFor(at, bytes)) chain.push(at);
    const last = chain.at(-1)!;
    if (!last.keys.remove(number)) return;
    for (const each of chain) each.count--;
    if (last.folders !== null) this.#moveRows(last, -1);
    for (const each of chain.toReversed()) {
      if (each.count > 0 || each.parent === null) break;
      each.parent.folders!.delete(this.#nameIn(each.parent, each));
      each.parent.order = null;
      this.#moveRows(each.parent, -each.rows);
    }
    this.version++;
  }

  /** Takes out all keys that the store has let go, however many. */
  sweep(): void {
    this.#sweep(this.#root);
    this.version++;
  }

  #sweep(at: Folder): void {
    at.keys.keep((number) => this.#store.has(number));
    at.count = at.keys.length;
    for (const [name, child] of at.folders ?? []) {
      this.#sweep(child);
      at.count += child.count;
      if (child.count > 0) continue;
      at.folders!.delete(name);
      at.order = null;
    }
    at.rows = this.#rowsOf(at) - (at === this.#root ? 1 : 0);
  }

  /** Opens or closes a folder. Very many keys are cut into children in slices. @returns whether there is such a folder */
  async toggle(prefix: Buffer, open: boolean): Promise<boolean> {
    const found = this.#find(prefix);
    if (found === undefined || found === this.#root) return false;
    if (found.open === open) return true;
    const uncut = open && found.folders === null ? found.keys : undefined;
    if (uncut) {
      found.keys = new KeyList();
      found.folders = new Map();
      found.count -= uncut.length;
    }
    const before = found.rows;
    found.open = open;
    found.rows = this.#rowsOf(found);
    if (found.parent) this.#moveRows(found.parent, found.rows - before);
    this.version++;
    for (let at = 0; uncut && at < uncut.length; at++) {
      if (at % cutAtOnce === cutAtOnce - 1) await turn();
      this.#place(uncut.at(at), found);
      this.version++;
    }
    return true;
  }

  setLoading(prefix: Buffer, loading: boolean): void {
    const found = this.#find(prefix);
    if (found) found.loading = loading;
    this.version++;
  }

  /** Sorts what is too long to be sorted while a row waits. */
  async sortAll(signal?: AbortSignal): Promise<void> {
    const visit = async (at: Folder): Promise<void> => {
      if (at.folders === null) return;
      if (!at.keys.isSorted) {
        const { length } = at.prefix;
        await at.keys.sort((a, b) => this.#store.compare(a, b, length), signal);
        this.version++;
      }
      for (const each of at.folders.values()) if (each.open) await visit(each);
    };
    await visit(this.#root);
  }

  /** Entries of the rows `from` to `to` (exclusive). */
  entries(from: number, to: number): TreeEntry[] {
    const entries: TreeEntry[] = [];
    this.#collect(this.#root, 0, from, to, entries);
    return entries;
  }

  /** @param at the row of the folder's first child */
  #collect(parent: Folder, at: number, from: number, to: number, into: TreeEntry[]): void {
    let row = at;
    for (const child of this.#ordered(parent)) {
      if (row >= to) return;
      if (row + child.rows <= from) {
        row += child.rows;
        continue;
      }
      if (row >= from) into.push(this.#folderEntry(parent, child));
      if (child.open) this.#collect(child, row + 1, from, to, into);
      row += child.rows;
    }
    const { length } = parent.prefix;
    parent.keys.sortNow((a, b) => this.#store.compare(a, b, length));
    for (let index = Math.max(0, from - row); index < parent.keys.length && row + index < to; index++) {
      const number = parent.keys.at(index);
      const bytes = this.#store.bytes(number);
      into.push({
        kind: 'key',
        depth: parent.depth + 1,
        number,
        key: nameOf(bytes),
        label: nameOf(bytes.subarray(length)),
        open: false,
        loading: false,
        keys: 0,
      });
    }
  }

  #folderEntry(parent: Folder, child: Folder): TreeEntry {
    const name = child.prefix.subarray(parent.prefix.length, child.prefix.length - this.#delimiter.length);
    return {
      kind: 'folder',
      depth: child.depth,
      number: -1,
      key: nameOf(child.prefix),
      label: nameOf(name),
      open: child.open,
      loading: child.loading,
      keys: child.count,
    };
  }

  #ordered(parent: Folder): Folder[] {
    parent.order ??= [...parent.folders!.values()].sort((a, b) => Buffer.compare(a.prefix, b.prefix));
    return parent.order;
  }

  #place(number: number, from: Folder): void {
    const bytes = this.#store.bytes(number);
    let at = from;
    for (;;) {
      at.count++;
      if (at.folders === null) {
        at.keys.push(number);
        return;
      }
      const end = this.#cut(bytes, at.prefix.length);
      if (end === -1) {
        at.keys.push(number);
        this.#moveRows(at, 1);
        return;
      }
      const name = bytes.toString('latin1', at.prefix.length, end);
      let child = at.folders.get(name);
      if (child === undefined) {
        child = folder(Buffer.from(bytes.subarray(0, end + this.#delimiter.length)), at.depth + 1, at);
        at.folders.set(name, child);
        at.order = null;
        this.#moveRows(at, 1);
      }
      at = child;
    }
  }

  /** Where the name of the next folder ends; -1 when there is none. */
  #cut(bytes: Buffer, from: number): number {
    if (this.#delimiter.length === 0) return -1;
    if (this.#delimiter.length === 1) return bytes.indexOf(this.#delimiter[0]!, from);
    return bytes.indexOf(this.#delimiter, from);
  }

  /** Rows came or went in a folder: those it stands in have as many more while it is seen. */
  #moveRows(at: Folder, by: number): void {
    for (let each: Folder | null = at; each !== null; each = each.parent) {
      if (!each.open) return;
      each.rows += by;
    }
  }

  #rowsOf(at: Folder): number {
    if (!at.open) return 1;
    let rows = 1 + at.keys.length;
    for (const child of at.folders!.values()) rows += child.rows;
    return rows;
  }

  #find(prefix: Buffer): Folder | undefined {
    let at: Folder | undefined = this.#root;
    while (at !== undefined && at.prefix.length < prefix.length) at = this.#childFor(at, prefix);
    return at?.prefix.equals(prefix) ? at : undefined;
  }

  #childFor(at: Folder, bytes: Buffer): Folder | undefined {
    if (at.folders === null) return undefined;
    const end = this.#cut(bytes, at.prefix.length);
    return end === -1 ? undefined : at.folders.get(bytes.toString('latin1', at.prefix.length, end));
  }

  #nameIn(parent: Folder, child: Folder): string {
    return child.prefix.toString('latin1', parent.prefix.length, child.prefix.length - this.#delimiter.length);
  }
}

function folder(prefix: Buffer, depth: number, parent: Folder | null): Folder {
  return { prefix, depth, parent, count: 0, keys: new KeyList(), folders: null, order: null, open: false, loading: false, rows: 1 };
}
