/** Documents as they came, one after another in a file, so that any of them is read again without asking the server twice. */
import { type FileHandle, open, rm } from 'node:fs/promises';

export class DocumentSpool {
  readonly #path: string;
  readonly #file: FileHandle;
  /** Where each document begins; grown by doubling. */
  #offsets = new Float64Array(1_024);
  #sizes = new Float64Array(1_024);
  #count = 0;
  #end = 0;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string): Promise<DocumentSpool> {
    return new DocumentSpool(path, await open(path, 'wx+', 0o600));
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#end;
  }

  async append(documents: readonly Buffer[]): Promise<void> {
    if (documents.length === 0) return;
    await this.#file.writev(documents as Buffer[], this.#end);
    for (const document of documents) {
      if (this.#count === this.#offsets.length) {
        this.#offsets = doubled(this.#offsets);
        this.#sizes = doubled(this.#sizes);
      }
      this.#place(this.#count++, document);
    }
  }

  /** A document in the place of one that is there. */
  async replace(at: number, document: Buffer): Promise<void> {
    await this.#file.write(document, 0, document.length, this.#end);
    this.#place(at, document);
  }

  sizeOf(at: number): number {
    return this.#sizes[at]!;
  }

  async read(at: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(this.sizeOf(at));
    await this.#file.read(bytes, 0, bytes.length, this.#offsets[at]!);
    return bytes;
  }

  #place(at: number, document: Buffer): void {
    this.#offsets[at] = this.#end;
    this.#sizes[at] = document.length;
    this.#end += document.length;
  }

  async close(): Promise<void> {
    await this.#file.close();
    await rm(this.#path, { force: true });
  }
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(array.length * 2);
  grown.set(array);
  return grown;
}
