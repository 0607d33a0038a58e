/** What an archive holds, read in order: pieces joined to parts, and all of it held against the manifest. */
import { createHash } from 'node:crypto';
import { parsedJson } from '../../home/files.ts';
import { limits } from '../../limits.ts';
import {
  type ArchiveHeader,
  type ArchivePart,
  aboutEntry,
  cutOff,
  damaged,
  Manifest,
  manifestEntry,
  parsePiece,
  sha256,
} from './format.ts';

export interface Part {
  readonly path: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** As tar-stream gives it; its types leave open what is in it. */
export interface Entry extends AsyncIterable<Uint8Array> {
  readonly header: { readonly name: string; readonly type?: string | null; readonly size?: number };
}

interface Open {
  readonly path: string;
  readonly hash: ReturnType<typeof createHash>;
  size: number;
  piece: number;
}

export class Contents {
  readonly parts: AsyncIterable<Part>;
  readonly #name: string;
  readonly #first: { readonly header: ArchiveHeader; readonly hash: string };
  readonly #entries: AsyncIterator<Entry>;
  #ahead: Entry | undefined;
  #about = '';
  readonly #read: ArchivePart[] = [];
  readonly #paths = new Set<string>();
  #unpacked = 0;

  constructor(name: string, first: { readonly header: ArchiveHeader; readonly hash: string }, entries: AsyncIterable<Entry>) {
    this.#name = name;
    this.#first = first;
    this.#entries = entries[Symbol.asyncIterator]();
    const parts = this.#parts();
    // Leaving the loop early ends nothing: the rest is still to be checked.
    this.parts = { [Symbol.asyncIterator]: () => ({ next: () => parts.next() }) };
    this.#rest = parts;
  }

  readonly #rest: AsyncGenerator<Part>;

  async about(): Promise<unknown> {
    const entry = await this.#peek();
    if (entry?.header.name !== aboutEntry) throw damaged(this.#name, `${aboutEntry} is not its first part`);
    const text = await this.#whole(entry);
    this.#about = sha256(text);
    const about = parsedJson(text.toString('utf8'));
    if (about === undefined) throw damaged(this.#name, `${aboutEntry} cannot be understood`);
    return about;
  }

  /** Reads what is left, and the manifest. */
  async finish(): Promise<void> {
    while (!(await this.#rest.next()).done);
    const entry = await this.#peek();
    if (!entry) throw cutOff(this.#name);
    const text = await this.#whole(entry);
    const manifest = Manifest.safeParse(parsedJson(text.toString('utf8')));
    if (!manifest.success) throw damaged(this.#name, `${manifestEntry} cannot be understood`);
    this.#compare(manifest.data);
    const more = await this.#peek();
    if (more) throw damaged(this.#name, `${JSON.stringify(more.header.name)} comes after its end`);
  }

  #compare({ header, about, parts }: Manifest): void {
    if (header !== this.#first.hash) throw damaged(this.#name, 'its first line was changed');
    if (about !== this.#about) throw damaged(this.#name, `${aboutEntry} has other content`);
    const read = new Map(this.#read.map((part) => [part.path, part]));
    for (const { path, size, sha256: content } of parts) {
      const found = read.get(path);
      if (!found) throw damaged(this.#name, `${path} is missing`);
      if (found.size !== size || found.sha256 !== content) throw damaged(this.#name, `${path} has other content`);
      read.delete(path);
    }
    for (const path of read.keys()) throw damaged(this.#name, `${path} was not there when it was made`);
  }

  async *#parts(): AsyncGenerator<Part> {
    for (;;) {
      const entry = await this.#peek();
      if (!entry || entry.header.name === manifestEntry) return;
      const { path, piece } = this.#checked(entry);
      if (piece !== 0 || this.#paths.has(path)) throw damaged(this.#name, `the pieces of ${path} are not in order`);
      if (this.#paths.size >= this.#first.header.parts) throw damaged(this.#name, 'it holds more parts than it says');
      this.#paths.add(path);
      const open: Open = { path, hash: createHash('sha256'), size: 0, piece: 0 };
      const content = this.#content(open);
      yield { path, content: { [Symbol.asyncIterator]: () => ({ next: () => content.next() }) } };
      while (!(await content.next()).done);
      this.#read.push({ path, size: open.size, sha256: open.hash.digest('hex') });
    }
  }

  async *#content(open: Open): AsyncGenerator<Uint8Array> {
    for (;;) {
      const entry = await this.#peek();
      const next = entry && entry.header.name !== manifestEntry ? this.#checked(entry) : undefined;
      if (!entry || next?.path !== open.path || next.piece !== open.piece) return;
      this.#ahead = undefined;
      open.piece += 1;
      for await (const chunk of entry) {
        open.hash.update(chunk);
        open.size += chunk.length;
        this.#unpacked += chunk.length;
        if (this.#unpacked > this.#first.header.unpacked) throw damaged(this.#name, `it holds more than it says, in ${open.path}`);
        yield chunk;
      }
    }
  }

  #checked({ header: { name, type, size } }: Entry): { readonly path: string; readonly piece: number } {
    const parsed = name === undefined ? undefined : parsePiece(name);
    if (!parsed) throw damaged(this.#name, `${JSON.stringify(name)} is no name that a part can have`);
    if (type !== 'file') throw damaged(this.#name, `${parsed.path} is a ${type}`);
    if ((size ?? 0) > limits.archivePiece) throw damaged(this.#name, `a piece of ${parsed.path} is larger than pieces are`);
    return parsed;
  }

  async #peek(): Promise<Entry | undefined> {
    this.#ahead ??= (await this.#entries.next()).value as Entry | undefined;
    return this.#ahead;
  }

  async #whole(entry: Entry): Promise<Buffer> {
    this.#ahead = undefined;
    const { name, type, size } = entry.header;
    if (type !== 'file' || (size ?? 0) > limits.archiveMeta) throw damaged(this.#name, `${name} is not what it has to be`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
}
