/** Rows on disk, one JSON array a line, with the place of every 64th in memory: any page is one read. */
import { type FileHandle, open, rm } from 'node:fs/promises';

const indexEvery = 64;
const bufferBytes = 256 * 1024;

export class RowSpool<Row> {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #offsets: number[] = [];
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #flushed = 0;
  #writing: Promise<void> = Promise.resolve();
  rows = 0;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  static async make<Row>(path: string): Promise<RowSpool<Row>> {
    return new RowSpool<Row>(path, await open(path, 'wx+', 0o600));
  }

  get bytes(): number {
    return this.#flushed + this.#pendingBytes;
  }

  /** @returns a promise only when the rows held back should be written first */
  add(row: Row): Promise<void> | undefined {
    if (this.rows % indexEvery === 0) this.#offsets.push(this.bytes);
    const line = Buffer.from(`${JSON.stringify(row)}\n`);
    this.#pending.push(line);
    this.#pendingBytes += line.length;
    this.rows++;
    return this.#pendingBytes >= bufferBytes ? this.flush() : undefined;
  }

  flush(): Promise<void> {
    const chunk = Buffer.concat(this.#pending);
    const at = this.#flushed;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#flushed += chunk.length;
    if (chunk.length > 0) {
      this.#writing = this.#writing.then(async () => {
        await this.#file.write(chunk, 0, chunk.length, at);
      });
    }
    return this.#writing;
  }

  /** Rows from a position on; fewer at the end. */
  async page(from: number, count: number): Promise<Row[]> {
    if (from >= this.rows || count <= 0) return [];
    await this.flush();
    const first = Math.floor(from / indexEvery);
    const begin = this.#offsets[first]!;
    const end = this.#offsets[Math.ceil((from + count) / indexEvery)] ?? this.#flushed;
    const bytes = Buffer.alloc(end - begin);
    await this.#file.read(bytes, 0, bytes.length, begin);
    const lines = bytes.toString('utf8').split('\n');
    const skip = from - first * indexEvery;
    return lines.slice(skip, skip + count).flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]));
  }

  /** All rows, a page in memory at a time. */
  async *all(pageRows = 1_024): AsyncGenerator<Row> {
    for (let from = 0; from < this.rows; from += pageRows) yield* await this.page(from, pageRows);
  }

  async remove(): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#file.close();
    await rm(this.path, { force: true });
  }
}
