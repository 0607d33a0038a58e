/** Documents as they came, one after another in a file, so that any of them is read again without asking the server twice. */
import { type FileHandle, open, rm } from 'node:fs/promises';

export class DocumentSpool {
  readonly #path: () => Promise<string>;
  #file: Promise<{ handle: FileHandle; path: string }> | undefined;
  /** Where each document begins and how long it is; grown by doubling. */
  #offsets = new Float64Array(1_024);
  #sizes = new Float64Array(1_024);
  #count = 0;
  #end = 0;
  /** What came last is read from here: the file is written behind it. */
  #recent: { readonly from: number; readonly documents: readonly Buffer[] } = { from: 0, documents: [] };
  #writing: Promise<unknown> = Promise.resolve();

  /** @param path asked for when the file is made, which is with the first documents */
  constructor(path: () => Promise<string>) {
    this.#path = path;
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#end;
  }

  /** Returns when what came before is written: no more than two portions are held. @throws when the disk is full */
  async append(documents: readonly Buffer[]): Promise<void> {
    if (documents.length === 0) return;
    await this.#writing;
    const at = this.#end;
    this.#recent = { from: this.#count, documents };
    for (const document of documents) {
      if (this.#count === this.#offsets.length) {
        this.#offsets = doubled(this.#offsets);
        this.#sizes = doubled(this.#sizes);
      }
      this.#place(this.#count++, document);
    }
    this.#writing = this.#write(documents, at);
    // It is thrown to whoever comes next.
    this.#writing.catch(() => {});
  }

  /** A document in the place of one that is there. */
  async replace(at: number, document: Buffer): Promise<void> {
    await this.#writing;
    this.#recent = { from: 0, documents: [] };
    const end = this.#end;
    this.#place(at, document);
    this.#writing = this.#write([document], end);
    await this.#writing;
  }

  sizeOf(at: number): number {
    return this.#sizes[at]!;
  }

  /** Documents that stand beside each other are read at once. @param most bytes after which no more are read */
  async read(from: number, count: number, most: number): Promise<Buffer[]> {
    const documents: Buffer[] = [];
    let bytes = 0;
    for (let at = from; at < from + count; ) {
      const recent = this.#recent.documents[at - this.#recent.from];
      if (recent !== undefined) {
        documents.push(recent);
        bytes += recent.length;
        at++;
      } else {
        let to = at + 1;
        while (to < from + count && this.#offsets[to] === this.#offsets[to - 1]! + this.#sizes[to - 1]! && this.#runOf(at, to + 1) <= most)
          to++;
        documents.push(...(await this.#run(at, to)));
        bytes += this.#runOf(at, to);
        at = to;
      }
      if (bytes > most) break;
    }
    return documents;
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => {});
    const file = await this.#file?.catch(() => undefined);
    await file?.handle.close();
    if (file) await rm(file.path, { force: true });
  }

  async #run(from: number, to: number): Promise<Buffer[]> {
    await this.#writing;
    const { handle } = await this.#file!;
    const bytes = Buffer.allocUnsafe(this.#runOf(from, to));
    await handle.read(bytes, 0, bytes.length, this.#offsets[from]!);
    const start = this.#offsets[from]!;
    return Array.from({ length: to - from }, (_, index) => {
      const at = this.#offsets[from + index]! - start;
      return bytes.subarray(at, at + this.#sizes[from + index]!);
    });
  }

  /** Bytes of documents that stand beside each other. */
  #runOf(from: number, to: number): number {
    return this.#offsets[to - 1]! + this.#sizes[to - 1]! - this.#offsets[from]!;
  }

  async #write(documents: readonly Buffer[], at: number): Promise<void> {
    this.#file ??= this.#path().then(async (path) => ({ path, handle: await open(path, 'wx+', 0o600) }));
    const { handle } = await this.#file;
    await handle.writev(documents as Buffer[], at);
  }

  #place(at: number, document: Buffer): void {
    this.#offsets[at] = this.#end;
    this.#sizes[at] = document.length;
    this.#end += document.length;
  }
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(array.length * 2);
  grown.set(array);
  return grown;
}
