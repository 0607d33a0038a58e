/** Writes an archive: to a name of its own beside, renamed once all of it is on the disk. */
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { type Pack, pack as tarPack } from 'tar-stream';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { type Encryption, encryptor } from './encryption.ts';
import {
  type ArchiveHeader,
  type ArchiveKind,
  type ArchivePart,
  aboutEntry,
  archiveFormat,
  checkedPath,
  headerLine,
  type Manifest,
  manifestEntry,
  pieceName,
  sha256,
  trailer,
} from './format.ts';
import { clearUnfinished, unfinishedName } from './unfinished.ts';

export interface WriteOptions {
  readonly kind: ArchiveKind;
  /** Told to everybody who has the file, key or not. */
  readonly open: Readonly<Record<string, unknown>>;
  /** Told to those who can open it, before anything else. */
  readonly about: unknown;
  readonly encryption: Encryption;
  readonly signal: AbortSignal;
  /** @param done bytes taken in, and written, so far */
  readonly progress?: (done: { readonly unpacked: number; readonly packed: number }) => void;
}

/**
 * Adds a part. One is written at a time: others wait for their turn, and what they are given is not read before that.
 * @throws NoodleError bad-argument for a path that is taken or cannot be one
 */
export type Put = (path: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => Promise<ArchivePart>;

export interface Written {
  readonly header: ArchiveHeader;
  /** of the file */
  readonly bytes: number;
  readonly parts: readonly ArchivePart[];
}

/**
 * @param file replaced where it is there; what killed processes left of it goes
 * @param fill its signal is aborted too when the file cannot be written
 * @throws what `fill` throws; NoodleError cancelled, disk-full, bad-argument. There is no file then.
 */
export async function writeArchive(
  file: string,
  options: WriteOptions,
  fill: (put: Put, signal: AbortSignal) => Promise<void>,
): Promise<Written> {
  options.signal.throwIfAborted();
  const encrypt = options.encryption.kind === 'none' ? undefined : await encryptor(options.encryption);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await clearUnfinished(dirname(file), (name) => name === basename(file));
  const temporary = join(dirname(file), await unfinishedName(basename(file)));
  const handle = await open(temporary, 'wx', 0o600);
  try {
    const written = await writeTo(handle, options, encrypt, fill);
    await handle.sync();
    await handle.close();
    await rename(temporary, file);
    await syncFolder(dirname(file));
    return written;
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeTo(
  handle: FileHandle,
  options: WriteOptions,
  encrypt: Awaited<ReturnType<typeof encryptor>> | undefined,
  fill: (put: Put, signal: AbortSignal) => Promise<void>,
): Promise<Written> {
  const header = (parts: number, unpacked: number): ArchiveHeader => ({
    noodlebox: options.kind,
    format: archiveFormat,
    encryption: options.encryption.kind,
    createdAt,
    parts,
    unpacked,
    open: { ...options.open },
  });
  const createdAt = Date.now();
  const reserved = Buffer.byteLength(headerLine(header(limits.archiveParts, Number.MAX_SAFE_INTEGER)));
  if (reserved > limits.archiveHeader) throw new NoodleError({ code: 'too-large', what: 'There is too much to tell in the first line.' });
  await writeAll(handle, Buffer.alloc(reserved, ' '), 0);

  let packed = reserved;
  let unpacked = 0;
  const tell = () => options.progress?.({ unpacked, packed });
  const failing = new AbortController();
  const signal = AbortSignal.any([options.signal, failing.signal]);
  const tar = tarPack();
  const compress = createZstdCompress({
    chunkSize: 2 ** 18,
    params: { [constants.ZSTD_c_compressionLevel]: limits.archiveLevel, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  const writing = pipeline(
    tar as unknown as Readable,
    compress,
    encrypt ?? ((source: AsyncIterable<Uint8Array>) => source),
    async (source: AsyncIterable<Uint8Array>) => {
      for await (const chunk of source) {
        await writeAll(handle, chunk, packed);
        packed += chunk.length;
        tell();
      }
    },
    { signal: options.signal },
  );
  // Known at once, also while nothing is being put.
  writing.catch((error: unknown) => failing.abort(error));

  try {
    const parts = new Parts(tar, signal, (bytes) => {
      unpacked += bytes;
      tell();
    });
    const about = Buffer.from(JSON.stringify(options.about));
    await entry(tar, aboutEntry, about);
    await fill(parts.put, signal);
    await parts.settled();
    signal.throwIfAborted();
    const last = header(parts.all.length, unpacked);
    const line = headerLine(last, reserved);
    const manifest: Manifest = { header: sha256(line), about: sha256(about), parts: parts.all };
    await entry(tar, manifestEntry, Buffer.from(JSON.stringify(manifest)));
    tar.finalize();
    await writing;
    await writeAll(handle, trailer, packed);
    await writeAll(handle, Buffer.from(line), 0);
    return { header: last, bytes: packed + trailer.length, parts: parts.all };
  } catch (error) {
    tar.destroy();
    await writing.catch(() => {});
    // Why it could not be written, rather than what came of that.
    throw options.signal.aborted ? options.signal.reason : failing.signal.aborted ? firstCause(failing.signal.reason, error) : error;
  }
}

/** Destroying the tar stream fails the pipeline too: that is no cause. */
function firstCause(reason: unknown, error: unknown): unknown {
  const own = reason instanceof Error && /premature close|destroyed/i.test(reason.message);
  return own ? error : reason;
}

class Parts {
  readonly all: ArchivePart[] = [];
  readonly #tar: Pack;
  readonly #signal: AbortSignal;
  readonly #took: (bytes: number) => void;
  readonly #paths = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(tar: Pack, signal: AbortSignal, took: (bytes: number) => void) {
    this.#tar = tar;
    this.#signal = signal;
    this.#took = took;
  }

  readonly put: Put = (path, content) => {
    const put = this.#turn.then(() => this.#write(path, content));
    this.#turn = put.catch(() => {});
    return put;
  };

  async settled(): Promise<void> {
    await this.#turn;
  }

  async #write(path: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<ArchivePart> {
    this.#signal.throwIfAborted();
    if (this.#paths.has(checkedPath(path))) throw new NoodleError({ code: 'bad-argument', what: `There are two parts ${path}.` });
    if (this.#paths.size >= limits.archiveParts) {
      throw new NoodleError({ code: 'too-large', what: `A file holds at most ${limits.archiveParts.toLocaleString('en')} parts.` });
    }
    this.#paths.add(path);
    const hash = createHash('sha256');
    let size = 0;
    let piece = 0;
    for await (const bytes of pieces(content)) {
      this.#signal.throwIfAborted();
      hash.update(bytes);
      size += bytes.length;
      await entry(this.#tar, pieceName(path, piece++), bytes);
      this.#took(bytes.length);
    }
    const part = { path, size, sha256: hash.digest('hex') };
    this.all.push(part);
    return part;
  }
}

/** Cuts and joins chunks to pieces; of nothing, one empty piece. */
async function* pieces(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let length = 0;
  let none = true;
  for await (let chunk of content) {
    while (length + chunk.length >= limits.archivePiece) {
      const taken = limits.archivePiece - length;
      yield Buffer.concat([...held, chunk.subarray(0, taken)]);
      none = false;
      held = [];
      length = 0;
      chunk = chunk.subarray(taken);
    }
    if (chunk.length > 0) held.push(chunk);
    length += chunk.length;
  }
  if (length > 0 || none) yield Buffer.concat(held);
}

async function entry(tar: Pack, name: string, content: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    tar.entry({ name, size: content.length, mode: 0o600, mtime: new Date(0) }, content, (error) => (error ? reject(error) : resolve()));
  });
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at, chunk.length - at, position + at)).bytesWritten;
}

/** So that the new name is on the disk as well; not every system can. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
