/** A result in another order, or a part of it: the offsets of its rows in the spool, in a file of their own. */
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { ResultColumn, ResultFilter, ResultSort } from '../../../../preload/contract/sql.ts';
import { rowTest } from './predicate.ts';
import { rowEnd, valueAt } from './row.ts';
import { Sorter } from './sort.ts';
import type { Block, Spool } from './spool.ts';

export interface ArrangementWanted {
  readonly filters: readonly ResultFilter[];
  readonly sort: ResultSort | null;
}

export interface ArrangementProgress {
  readonly scanned: number;
  readonly matched: number;
}

/** Rows looked up together, and how near they must be to be read as one; a row is guessed to be as long as `rowGuess`. */
const batchRows = 512;
const nearBytes = 16 * 1024;
const pieceBytes = 1024 * 1024;
const rowGuess = 2048;

/** Ranges that hold all the offsets, in order. */
function neighbours(offsets: Float64Array): { begin: number; end: number }[] {
  const ranges: { begin: number; end: number }[] = [];
  for (const offset of offsets.toSorted()) {
    const last = ranges.at(-1);
    const end = offset + rowGuess;
    if (last && offset - last.end < nearBytes && end - last.begin < pieceBytes) last.end = end;
    else ranges.push({ begin: offset, end });
  }
  return ranges;
}

export class Arrangement {
  readonly #spool: Spool;
  readonly #path: string;
  readonly #file: FileHandle;
  #rows = 0;

  private constructor(spool: Spool, path: string, file: FileHandle) {
    this.#spool = spool;
    this.#path = path;
    this.#file = file;
  }

  static async create(spool: Spool, path: string): Promise<Arrangement> {
    return new Arrangement(spool, path, await open(path, 'wx+', 0o600));
  }

  get rows(): number {
    return this.#rows;
  }

  /** Looks at every row that is there now. */
  async *make(
    wanted: ArrangementWanted,
    columns: readonly ResultColumn[],
    signal: AbortSignal,
    runRows?: number,
  ): AsyncGenerator<ArrangementProgress> {
    const { sort } = wanted;
    const test = rowTest(wanted.filters, columns);
    const sorter = sort && new Sorter(`${this.#path}.sort`, columns[sort.column]?.kind ?? 'text', sort.descending, runRows);
    let scanned = 0;
    let matched = 0;
    try {
      for await (const { bytes, offset } of this.#spool.blocks()) {
        signal.throwIfAborted();
        const found: number[] = [];
        for (let at = 0; at < bytes.length; at = rowEnd(bytes, at)) {
          scanned++;
          if (!test(bytes, at)) continue;
          matched++;
          if (!sorter) {
            found.push(offset + at);
            continue;
          }
          const { from, length } = valueAt(bytes, at, sort.column);
          const writing = sorter.add(bytes, from, length, offset + at);
          if (writing) await writing;
        }
        await this.#append(found);
        yield { scanned, matched };
        await new Promise(setImmediate);
      }
      if (!sorter) return;
      for await (const offsets of sorter.sorted()) {
        signal.throwIfAborted();
        await this.#append(offsets);
      }
    } finally {
      await sorter?.remove();
    }
  }

  /** Rows of a range, one a block. Neighbours in the spool are read at once, whatever their order here. */
  async *read(from: number, count: number): AsyncGenerator<Block> {
    for (let first = from; first < from + count; first += batchRows) {
      const offsets = await this.#offsets(first, Math.min(batchRows, from + count - first));
      const pieces = await Promise.all(neighbours(offsets).map(({ begin, end }) => this.#spool.span(begin, end - begin)));
      for (const offset of offsets) yield await this.#row(offset, pieces);
      if (offsets.length < batchRows) return;
    }
  }

  async #row(offset: number, pieces: readonly Block[]): Promise<Block> {
    const piece = pieces.findLast((each) => each.offset <= offset);
    const at = offset - (piece?.offset ?? 0);
    const whole = piece && piece.bytes.length - at >= 5 && rowEnd(piece.bytes, at) <= piece.bytes.length;
    if (whole) return { bytes: piece.bytes.subarray(at, rowEnd(piece.bytes, at)), offset };
    const { bytes } = await this.#spool.blockAt(offset, 4096);
    return { bytes: bytes.subarray(0, rowEnd(bytes, 0)), offset };
  }

  async remove(): Promise<void> {
    await this.#file.close().catch(() => {});
    await rm(this.#path, { force: true });
  }

  async #append(offsets: readonly number[]): Promise<void> {
    if (offsets.length === 0) return;
    const bytes = Buffer.from(Float64Array.from(offsets).buffer);
    await this.#file.write(bytes, 0, bytes.length, this.#rows * 8);
    this.#rows += offsets.length;
  }

  async #offsets(from: number, count: number): Promise<Float64Array> {
    const wanted = Math.max(0, Math.min(count, this.#rows - from));
    const offsets = new Float64Array(wanted);
    if (wanted > 0) await this.#file.read(Buffer.from(offsets.buffer), 0, wanted * 8, from * 8);
    return offsets;
  }
}
