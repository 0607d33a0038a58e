/**
 * Files on their way between the core and a window: exports that a window fetches, uploads that it sent.
 * Each is known by a random id and kept for `limits.shelfLife`.
 */
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { SpoolFolder } from './spool-folder.ts';

export interface ShelvedFile {
  readonly id: string;
  /** What the person's file is called: never used as a path. */
  readonly name: string;
  readonly type: string;
  readonly path: string;
}

type Entry = { readonly file: ShelvedFile; readonly until: number; complete: boolean };

export class Shelf {
  readonly #folder: SpoolFolder;
  readonly #entries = new Map<string, Entry>();

  constructor(folder: SpoolFolder) {
    this.#folder = folder;
  }

  /** A place for a file that is about to be written; windows get it once it is `complete`. */
  async reserve(name: string, type: string): Promise<ShelvedFile> {
    await this.#sweep();
    const id = crypto.randomUUID();
    const file = { id, name, type, path: join(await this.#folder.path(), `file-${id}`) };
    this.#entries.set(id, { file, until: Date.now() + limits.shelfLife, complete: false });
    return file;
  }

  complete(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) entry.complete = true;
  }

  async discard(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    if (entry) await rm(entry.file.path, { force: true });
  }

  /** A file that is whole; undefined for an id that is unknown, too old or not done. */
  async find(id: string): Promise<(ShelvedFile & { readonly bytes: number }) | undefined> {
    const entry = this.#entries.get(id);
    if (!entry?.complete || entry.until < Date.now()) return undefined;
    return { ...entry.file, bytes: (await stat(entry.file.path)).size };
  }

  /** @throws NoodleError not-found */
  async must(id: string): Promise<ShelvedFile & { readonly bytes: number }> {
    const file = await this.find(id);
    if (file) return file;
    throw new NoodleError({
      code: 'not-found',
      what: 'This file is no longer there.',
      why: 'Files are kept for an hour.',
      todo: 'Choose it again.',
    });
  }

  /** Takes in what a window sends, straight to disk. What breaks off is not kept. */
  async receive(name: string, body: AsyncIterable<Uint8Array>): Promise<ShelvedFile> {
    const file = await this.reserve(name, 'application/octet-stream');
    try {
      await pipeline(Readable.from(body), createWriteStream(file.path, { mode: 0o600, flags: 'wx' }));
      this.complete(file.id);
      return file;
    } catch (error) {
      await this.discard(file.id);
      throw error;
    }
  }

  async #sweep(): Promise<void> {
    const now = Date.now();
    for (const { file, until } of this.#entries.values()) if (until < now) await this.discard(file.id);
  }
}
