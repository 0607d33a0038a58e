/** Sorts the rows of a spool by one column in bounded memory: runs of `limits.sqlSortRows` are sorted, then merged from disk. */
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { ValueKind } from '../../../../preload/contract/sql.ts';
import { limits } from '../../../limits.ts';
import { compareKeys, type Key, type KeyOf, keyOf } from './key.ts';

interface Entry extends Key {
  /** Of the row, in the spool; also what equal rows go by. */
  readonly offset: number;
  readonly isNull: boolean;
}

/** 1: is it NULL, 8: its number, 8: its offset, 2: the length of its tie. */
const headBytes = 19;
const readBytes = 64 * 1024;

export class Sorter {
  readonly #compare: (a: Entry, b: Entry) => number;
  readonly #key: KeyOf;
  readonly #path: string;
  #entries: Entry[] = [];
  #file: FileHandle | undefined;
  #end = 0;
  readonly #runs: { from: number; to: number }[] = [];

  readonly #runRows: number;

  /** @param runRows rows held in memory */
  constructor(path: string, kind: ValueKind, descending: boolean, runRows: number = limits.sqlSortRows) {
    this.#path = path;
    this.#runRows = runRows;
    this.#key = keyOf(kind);
    const sign = descending ? -1 : 1;
    this.#compare = (a, b) => {
      // As the server: NULL is above everything.
      if (a.isNull !== b.isNull) return a.isNull ? sign : -sign;
      const order = a.isNull ? 0 : compareKeys(kind, a, b);
      return order === 0 ? a.offset - b.offset : order * sign;
    };
  }

  /** @returns a promise when it has begun to write: wait for it */
  add(bytes: Buffer, from: number, length: number, offset: number): Promise<void> | undefined {
    const key = length < 0 ? { number: 0, tie: '' } : this.#key(bytes, from, length);
    this.#entries.push({ number: key.number, tie: key.tie, offset, isNull: length < 0 });
    return this.#entries.length >= this.#runRows ? this.#spill() : undefined;
  }

  /** The rows' offsets in order, many at once. */
  async *sorted(): AsyncGenerator<readonly number[]> {
    this.#entries.sort(this.#compare);
    if (this.#runs.length === 0) {
      yield this.#entries.map(({ offset }) => offset);
      return;
    }
    await this.#spill();
    yield* this.#merged();
  }

  async remove(): Promise<void> {
    await this.#file?.close();
    if (this.#file) await rm(this.#path, { force: true });
    this.#file = undefined;
  }

  async #spill(): Promise<void> {
    if (this.#entries.length === 0) return;
    const entries = this.#entries.sort(this.#compare);
    this.#entries = [];
    this.#file ??= await open(this.#path, 'wx+', 0o600);
    const bytes = Buffer.allocUnsafe(entries.reduce((sum, { tie }) => sum + headBytes + tie.length, 0));
    let at = 0;
    for (const { isNull, number, offset, tie } of entries) {
      bytes[at] = isNull ? 1 : 0;
      bytes.writeDoubleLE(number, at + 1);
      bytes.writeDoubleLE(offset, at + 9);
      bytes.writeUInt16LE(tie.length, at + 17);
      bytes.write(tie, at + headBytes, 'latin1');
      at += headBytes + tie.length;
    }
    await this.#file.write(bytes, 0, bytes.length, this.#end);
    this.#runs.push({ from: this.#end, to: this.#end + bytes.length });
    this.#end += bytes.length;
  }

  async *#merged(): AsyncGenerator<readonly number[]> {
    const readers = this.#runs.map(({ from, to }) => new RunReader(this.#file!, from, to));
    const heap: RunReader[] = [];
    for (const reader of readers) if (await reader.next()) push(heap, reader, this.#compare);
    let batch: number[] = [];
    while (heap.length > 0) {
      const first = heap[0]!;
      batch.push(first.entry!.offset);
      // Most steps need no reading, and wait for nothing.
      const more = first.step() || (await first.next());
      if (!more) {
        const last = heap.pop()!;
        if (heap.length > 0) heap[0] = last;
      }
      sink(heap, 0, this.#compare);
      if (batch.length === 8192) {
        yield batch;
        batch = [];
      }
    }
    yield batch;
  }
}

class RunReader {
  readonly #file: FileHandle;
  #from: number;
  readonly #to: number;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  entry: Entry | undefined;

  constructor(file: FileHandle, from: number, to: number) {
    this.#file = file;
    this.#from = from;
    this.#to = to;
  }

  /** To the next entry, if it has been read from disk already. */
  step(): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    if (bytes.length - at < headBytes) return false;
    const length = bytes.readUInt16LE(at + 17);
    if (bytes.length - at < headBytes + length) return false;
    this.entry = {
      isNull: bytes[at] === 1,
      number: bytes.readDoubleLE(at + 1),
      offset: bytes.readDoubleLE(at + 9),
      tie: length === 0 ? '' : bytes.toString('latin1', at + headBytes, at + headBytes + length),
    };
    this.#at = at + headBytes + length;
    return true;
  }

  /** To the next entry, reading on. @returns false at the end */
  async next(): Promise<boolean> {
    if (this.step()) return true;
    const rest = this.#bytes.subarray(this.#at);
    const length = Math.min(readBytes, this.#to - this.#from);
    if (length === 0) return false;
    const bytes = Buffer.allocUnsafe(rest.length + length);
    rest.copy(bytes);
    const { bytesRead } = await this.#file.read(bytes, rest.length, length, this.#from);
    this.#from += bytesRead;
    this.#bytes = bytes.subarray(0, rest.length + bytesRead);
    this.#at = 0;
    return this.step();
  }
}

type Compare = (a: Entry, b: Entry) => number;

function push(heap: RunReader[], reader: RunReader, compare: Compare): void {
  heap.push(reader);
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (compare(heap[parent]!.entry!, heap[at]!.entry!) <= 0) return;
    [heap[parent], heap[at]] = [heap[at]!, heap[parent]!];
    at = parent;
  }
}

function sink(heap: RunReader[], from: number, compare: Compare): void {
  for (let at = from; ; ) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && compare(heap[child]!.entry!, heap[least]!.entry!) < 0) least = child;
    }
    if (least === at) return;
    [heap[least], heap[at]] = [heap[at]!, heap[least]!];
    at = least;
  }
}
