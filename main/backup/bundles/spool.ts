/** Parts of a bundle on their way into its file: what a bundle tells of itself stands before them, and is known only when all are there. */
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { PartWriter } from '../../services/portion.ts';

export interface SpooledPart {
  /** Its path in the archive. */
  readonly path: string;
  readonly bytes: number;
  content(): AsyncIterable<Uint8Array>;
}

export class PartSpool {
  readonly #folder: string;
  readonly #parts = new Map<string, { readonly file: string; bytes: number }>();
  readonly #open = new Set<FileHandle>();
  #bytes = 0;
  #files = 0;

  /** @param folder of its own, 0700 */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async part(path: string): Promise<PartWriter> {
    const file = join(this.#folder, String(this.#files++));
    const entry = { file, bytes: 0 };
    this.#parts.set(path, entry);
    const handle = await open(file, 'wx', 0o600);
    this.#open.add(handle);
    return {
      write: async (content) => {
        const bytes = typeof content === 'string' ? Buffer.from(content) : content;
        entry.bytes += bytes.length;
        this.#bytes += bytes.length;
        if (this.#bytes > limits.bundleSpoolBytes) throw tooLarge();
        for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
      },
      end: async () => {
        this.#open.delete(handle);
        await handle.close();
      },
    };
  }

  async whole(path: string, text: string): Promise<void> {
    const part = await this.part(path);
    await part.write(text);
    await part.end();
  }

  /** Those below a folder, in the order they were begun. */
  parts(folder: string): readonly SpooledPart[] {
    return [...this.#parts]
      .filter(([path]) => path.startsWith(`${folder}/`))
      .map(([path, { file, bytes }]) => ({ path, bytes, content: () => createReadStream(file) }));
  }

  async remove(): Promise<void> {
    await Promise.allSettled([...this.#open].map((handle) => handle.close()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function tooLarge(): NoodleError {
  const gibibytes = limits.bundleSpoolBytes / 2 ** 30;
  return new NoodleError({
    code: 'too-large',
    what: `The bundle would hold more than ${gibibytes} GiB.`,
    todo: 'Take a part of it by naming ids, or use a backup.',
  });
}
