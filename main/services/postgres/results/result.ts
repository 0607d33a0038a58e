/** What a statement gave: its columns, its rows on disk, and the arrangement in which a grid looks at them. */
import type { Arranging, ResultColumn, SqlCell, WholeValue } from '../../../../preload/contract/sql.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { Arrangement, type ArrangementWanted } from './arrangement.ts';
import { characterEnd, rowCells, rowEnd, rowTexts, valueAt } from './row.ts';
import { type Block, Spool } from './spool.ts';

export class Result {
  readonly #spool: Spool;
  columns: readonly ResultColumn[] = [];
  #arranged: { readonly id: string; readonly arrangement: Arrangement } | undefined;

  private constructor(spool: Spool) {
    this.#spool = spool;
  }

  /** @param path a file that is made for it */
  static async create(path: string): Promise<Result> {
    return new Result(await Spool.create(path));
  }

  get rows(): number {
    return this.#spool.rows;
  }

  get bytes(): number {
    return this.#spool.bytes;
  }

  get taken(): number {
    return this.#spool.taken;
  }

  take(bytes: Buffer, count: number): Promise<void> | undefined {
    return this.#spool.take(bytes, count);
  }

  finish(): Promise<void> {
    return this.#spool.finish();
  }

  /** Rows that a view holds; without one all there are now. @throws NoodleError not-found */
  rowsOf(view: string | undefined): number {
    return view === undefined ? this.rows : this.#must(view).rows;
  }

  /** Rows as a page shows them: fewer than asked for when they are large, but always one. */
  async page(view: string | undefined, from: number, count: number): Promise<SqlCell[][]> {
    const most = cellBytes(count, this.columns.length);
    const rows: SqlCell[][] = [];
    let bytes = 0;
    let read = 0;
    for await (const block of this.#read(view, from, count, pageBlock)) {
      read += block.bytes.length;
      for (let at = 0; at < block.bytes.length; at = rowEnd(block.bytes, at)) {
        if (rows.length > 0 && (bytes > limits.sqlPageBytes || read > limits.sqlPageRead)) return rows;
        rows.push(rowCells(block.bytes, at, most));
        bytes += Math.min(rowEnd(block.bytes, at) - at, most * this.columns.length);
      }
    }
    return rows;
  }

  /** One value, to `limits.sqlValueBytes`, or with `all` as much as can be shown. @throws NoodleError not-found */
  async value(view: string | undefined, row: number, column: number, all: boolean): Promise<WholeValue> {
    for await (const { bytes } of this.#read(view, row, 1, pageBlock)) {
      const { from, length } = valueAt(bytes, 0, column);
      const kind = this.columns[column]?.kind;
      return wholeValue(bytes.subarray(from, from + Math.max(0, length)), kind === 'binary', all);
    }
    throw new NoodleError({ code: 'not-found', what: 'This row is no longer there.' });
  }

  /** All rows of a view in text, some at a time. */
  async *texts(view: string | undefined): AsyncGenerator<(string | null)[][]> {
    for await (const { bytes } of batched(this.#read(view, 0, this.rowsOf(view), limits.sqlScanBytes))) {
      const rows: (string | null)[][] = [];
      for (const block of bytes) for (let at = 0; at < block.length; at = rowEnd(block, at)) rows.push(rowTexts(block, at));
      yield rows;
    }
  }

  /** Sorts and filters what is there; takes the place of the last arrangement when it is done. */
  async *arrange(wanted: ArrangementWanted, signal: AbortSignal): AsyncGenerator<Arranging> {
    const id = crypto.randomUUID();
    const arrangement = await Arrangement.create(this.#spool, `${this.#spool.path}-${id}`);
    const told = (state: Arranging['state'], scanned: number, matched: number): Arranging => ({
      view: id,
      state,
      scanned,
      matched,
      total: this.rows,
    });
    let last = { scanned: 0, matched: 0 };
    let done = false;
    try {
      yield told('working', 0, 0);
      let next = performance.now() + limits.streamBatchInterval;
      for await (const progress of arrangement.make(wanted, this.columns, signal)) {
        last = progress;
        if (performance.now() < next) continue;
        yield told('working', last.scanned, last.matched);
        next = performance.now() + limits.streamBatchInterval;
      }
      const before = this.#arranged;
      this.#arranged = { id, arrangement };
      done = true;
      await before?.arrangement.remove();
    } finally {
      if (!done) await arrangement.remove();
    }
    yield told('done', last.scanned, last.matched);
  }

  async remove(): Promise<void> {
    await this.#arranged?.arrangement.remove();
    await this.#spool.remove();
  }

  #read(view: string | undefined, from: number, count: number, block: number): AsyncIterable<Block> {
    return view === undefined ? this.#spool.read(from, count, block) : this.#must(view).read(from, count);
  }

  #must(view: string): Arrangement {
    if (this.#arranged?.id === view) return this.#arranged.arrangement;
    throw new NoodleError({ code: 'not-found', what: 'This order of the rows is no longer there.', todo: 'Sort or filter again.' });
  }
}

/** Bytes of a value before it is cut, so that a page of this shape keeps to its size. */
export function cellBytes(rows: number, columns: number): number {
  const share = Math.floor(limits.sqlPageBytes / Math.max(1, rows * columns));
  return Math.max(limits.sqlCellBytesLeast, Math.min(limits.sqlCellBytesMost, share));
}

export function wholeValue(bytes: Buffer, binary: boolean, all: boolean): WholeValue {
  const most = all ? limits.sqlValueBytesMost : limits.sqlValueBytes;
  // bytea in text: `\x`, then two digits a byte.
  if (binary && bytes[0] === 0x5c && bytes[1] === 0x78) {
    const end = Math.min(bytes.length, 2 + most * 2);
    const raw = Buffer.from(bytes.toString('latin1', 2, end), 'hex');
    return {
      text: bytes.toString('latin1', 0, Math.min(end, 2 + most)),
      base64: raw.toString('base64'),
      bytes: (bytes.length - 2) / 2,
      cut: end < bytes.length,
    };
  }
  const cut = bytes.length > most;
  return { text: bytes.toString('utf8', 0, cut ? characterEnd(bytes, 0, most) : bytes.length), bytes: bytes.length, cut };
}

const batchBytes = 256 * 1024;
const pageBlock = 128 * 1024;

/** Small blocks together: an arrangement gives one a row. */
async function* batched(blocks: AsyncIterable<Block>): AsyncGenerator<{ bytes: Buffer[] }> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const { bytes } of blocks) {
    held.push(bytes);
    size += bytes.length;
    if (size < batchBytes) continue;
    yield { bytes: held };
    held = [];
    size = 0;
  }
  if (held.length > 0) yield { bytes: held };
}
