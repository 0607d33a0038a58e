/**
 * A result's rows on disk, as the server sent them. Memory holds where every 64 KiB begin and what waits
 * to be written, whatever the number of rows.
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { limits } from '../../../limits.ts';
import { rowEnd } from './row.ts';

const bufferBytes = 1024 * 1024;

/** Whole rows, and where they begin in the spool. */
export interface Block {
  readonly bytes: Buffer;
  readonly offset: number;
}

export class Spool {
  readonly path: string;
  readonly #file: FileHandle;
  /** Pairs of a row's number and its offset. */
  #places = new Float64Array(512);
  #placed = 0;
  #lastPlace = Number.NEGATIVE_INFINITY;
  /** Rows and bytes taken in; those written, which can be read. */
  #rowsTaken = 0;
  #taken = 0;
  #rows = 0;
  #written = 0;
  #buffer = Buffer.allocUnsafe(bufferBytes);
  #filled = 0;
  #waiting = 0;
  #writing: Promise<void> = Promise.resolve();
  #failed: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  static async create(path: string): Promise<Spool> {
    return new Spool(path, await open(path, 'wx+', 0o600));
  }

  /** Rows that can be read. */
  get rows(): number {
    return this.#rows;
  }

  /** Of them, on disk. */
  get bytes(): number {
    return this.#written;
  }

  /** Bytes taken in, written or not. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes whole rows in, copying them. @returns a promise when its caller should wait before it hands on more */
  take(bytes: Buffer, count: number): Promise<void> | undefined {
    if (this.#closed) return;
    if (this.#taken - this.#lastPlace >= limits.sqlSpoolStep) this.#place();
    // Before these are counted: what waits in the buffer is of the rows before.
    if (bytes.length > this.#buffer.length - this.#filled) this.#flush();
    this.#rowsTaken += count;
    this.#taken += bytes.length;
    if (bytes.length > this.#buffer.length) this.#write(Buffer.from(bytes), this.#rowsTaken);
    else {
      bytes.copy(this.#buffer, this.#filled);
      this.#filled += bytes.length;
      // The first rows are wanted at once.
      if (this.#written + this.#waiting === 0) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), limits.sqlSpoolFlush);
    }
    return this.#waiting > limits.sqlSpoolBuffer ? this.#settled() : undefined;
  }

  /** Everything that was taken in can be read afterwards. @throws what writing failed with */
  async finish(): Promise<void> {
    this.#flush();
    await this.#settled();
  }

  /** The rows of a range, a block at a time; fewer when so many are not there. */
  async *read(from: number, count: number, blockBytes = 64 * 1024): AsyncGenerator<Block> {
    const end = Math.min(this.#rows, from + count);
    if (from >= end) return;
    let { row, offset } = this.#before(from);
    while (row < end) {
      const block = await this.blockAt(offset, blockBytes);
      let at = 0;
      let begin = -1;
      while (at < block.bytes.length && row < end) {
        if (row === from || (row > from && begin < 0)) begin = at;
        at = rowEnd(block.bytes, at);
        row++;
      }
      if (begin >= 0) yield { bytes: block.bytes.subarray(begin, at), offset: offset + begin };
      offset += at;
    }
  }

  /** All rows that are there now, in order. */
  async *blocks(blockBytes = limits.sqlScanBytes): AsyncGenerator<Block> {
    const end = this.#written;
    for (let offset = 0; offset < end; ) {
      const block = await this.blockAt(offset, Math.min(blockBytes, end - offset));
      yield block;
      offset += block.bytes.length;
    }
  }

  /** Whole rows from an offset on: at least one, about `wanted` bytes. */
  async blockAt(offset: number, wanted: number): Promise<Block> {
    let { bytes } = await this.span(offset, wanted);
    const first = bytes.length >= 5 ? rowEnd(bytes, 0) : 0;
    if (first > bytes.length) ({ bytes } = await this.span(offset, first));
    return { bytes: bytes.subarray(0, wholeRows(bytes)), offset };
  }

  /** Bytes of the spool as they are, rows cut or not. */
  async span(offset: number, wanted: number): Promise<Block> {
    const length = Math.min(wanted, this.#written - offset);
    const bytes = Buffer.allocUnsafe(Math.max(0, length));
    let read = 0;
    while (read < length) {
      const { bytesRead } = await this.#file.read(bytes, read, length - read, offset + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return { bytes: bytes.subarray(0, read), offset };
  }

  async remove(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#writing.catch(() => {});
    await this.#file.close().catch(() => {});
    await rm(this.path, { force: true });
  }

  #place(): void {
    if (this.#placed * 2 === this.#places.length) {
      const larger = new Float64Array(this.#places.length * 2);
      larger.set(this.#places);
      this.#places = larger;
    }
    this.#places[this.#placed * 2] = this.#rowsTaken;
    this.#places[this.#placed * 2 + 1] = this.#taken;
    this.#placed++;
    this.#lastPlace = this.#taken;
  }

  /** The last place known at or before a row. */
  #before(row: number): { row: number; offset: number } {
    let low = 0;
    let high = this.#placed - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#places[middle * 2]! <= row) low = middle;
      else high = middle - 1;
    }
    return { row: this.#places[low * 2]!, offset: this.#places[low * 2 + 1]! };
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#filled === 0) return;
    // Little is copied out, much is handed over: the buffer of a slow result stays.
    const full = this.#filled > bufferBytes / 2;
    const bytes = full ? this.#buffer.subarray(0, this.#filled) : Buffer.from(this.#buffer.subarray(0, this.#filled));
    if (full) this.#buffer = Buffer.allocUnsafe(bufferBytes);
    this.#filled = 0;
    this.#write(bytes, this.#rowsTaken);
  }

  #write(bytes: Buffer, rows: number): void {
    this.#waiting += bytes.length;
    this.#writing = this.#writing.then(async () => {
      if (this.#failed || this.#closed) return;
      try {
        let done = 0;
        while (done < bytes.length) done += (await this.#file.write(bytes, done, bytes.length - done, this.#written + done)).bytesWritten;
        this.#written += bytes.length;
        this.#rows = rows;
      } catch (error) {
        this.#failed = error as Error;
      } finally {
        this.#waiting -= bytes.length;
      }
    });
  }

  async #settled(): Promise<void> {
    await this.#writing;
    if (this.#failed) throw this.#failed;
  }
}

function wholeRows(bytes: Buffer): number {
  let at = 0;
  while (bytes.length - at >= 5) {
    const next = rowEnd(bytes, at);
    if (next > bytes.length) break;
    at = next;
  }
  return at;
}
