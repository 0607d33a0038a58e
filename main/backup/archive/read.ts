/** Reads an archive in one pass and with little memory, believing nothing it says. */
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdDecompress } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import { NoodleError } from '../../errors.ts';
import { isMissing } from '../../home/files.ts';
import { limits } from '../../limits.ts';
import { Contents, type Entry, type Part } from './contents.ts';
import { decryptor, type Keys } from './encryption.ts';
import { type ArchiveHeader, type ArchiveKind, cutOff, damaged, notOurs, parseHeader, sha256, trailer } from './format.ts';

export interface ReadOptions {
  readonly kind: ArchiveKind;
  readonly keys: Keys;
  readonly signal: AbortSignal;
  /** @param done bytes of the file read so far */
  readonly progress?: (done: { readonly bytes: number; readonly total: number }) => void;
}

export interface Archive {
  readonly header: ArchiveHeader;
  readonly about: unknown;
  /** In the file's order; what is not read of a part is passed over. */
  readonly parts: AsyncIterable<Part>;
}

/**
 * That all of it is whole is known only when this returns: what `take` makes of it must wait with taking effect until then.
 * What `take` leaves unread is read and checked all the same.
 * @throws NoodleError not-found, archive-format, archive-damaged, wrong-passphrase, cancelled; what `take` throws
 */
export async function readArchive<T>(file: string, options: ReadOptions, take: (archive: Archive) => Promise<T>): Promise<T> {
  return withFile(file, async (handle) => {
    const first = await readHeader(handle, file, options.kind);
    return unpacked(handle, first, file, options, async (entries) => {
      const contents = new Contents(basename(file), first, entries as unknown as AsyncIterable<Entry>);
      const about = await contents.about();
      const taken = await take({ header: first.header, about, parts: contents.parts });
      await contents.finish();
      return taken;
    });
  });
}

/** What the file tells of itself without any key. @throws NoodleError not-found, archive-format, archive-damaged */
export async function readOpenHeader(file: string, kind: ArchiveKind): Promise<{ readonly header: ArchiveHeader; readonly bytes: number }> {
  return withFile(file, async (handle) => ({ header: (await readHeader(handle, file, kind)).header, bytes: (await handle.stat()).size }));
}

/** What it tells those who can open it, without reading on. @throws as `readArchive` */
export async function readAbout(file: string, options: ReadOptions): Promise<{ readonly header: ArchiveHeader; readonly about: unknown }> {
  const enough = new Enough();
  let read: { readonly header: ArchiveHeader; readonly about: unknown } | undefined;
  try {
    await readArchive(file, options, async ({ header, about }) => {
      read = { header, about };
      throw enough;
    });
  } catch (error) {
    if (error !== enough) throw error;
  }
  return read!;
}

class Enough extends Error {}

/** Reads all and compares it with what the manifest says. @throws as `readArchive` */
export async function verifyArchive(
  file: string,
  options: ReadOptions,
): Promise<{ readonly header: ArchiveHeader; readonly about: unknown }> {
  return readArchive(file, options, async ({ header, about }) => ({ header, about }));
}

async function withFile<T>(file: string, act: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw new NoodleError({ code: 'not-found', what: `There is no file ${file}.` }, { cause: error });
  });
  try {
    return await act(handle);
  } finally {
    await handle.close();
  }
}

export interface FirstLine {
  readonly header: ArchiveHeader;
  readonly hash: string;
  /** Where the payload begins, and where it ends: byte offsets. */
  readonly begin: number;
  readonly end: number;
}

async function readHeader(handle: FileHandle, file: string, kind: ArchiveKind): Promise<FirstLine> {
  const { size } = await handle.stat();
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(limits.archiveHeader, size)), 0, undefined, 0);
  const end = buffer.subarray(0, bytesRead).indexOf('\n');
  const name = basename(file);
  if (end < 0) throw buffer.toString('latin1').startsWith('{"noodlebox":') && size < limits.archiveHeader ? cutOff(name) : notOurs(name);
  const line = buffer.subarray(0, end + 1);
  const header = parseHeader(line.toString('utf8'), name);
  const last = await handle.read(Buffer.alloc(trailer.length), 0, undefined, Math.max(end, size - trailer.length));
  if (!last.buffer.equals(trailer)) throw cutOff(name);
  if (header.noodlebox !== kind)
    throw new NoodleError({ code: 'archive-format', what: `${name} is a ${header.noodlebox}, not a ${kind}.` });
  if (header.parts > limits.archiveParts || header.unpacked > size * limits.archiveRatio) {
    throw damaged(name, `it says that it holds ${header.parts} parts of ${header.unpacked} bytes, which no file of ${size} bytes can`);
  }
  return { header, hash: sha256(line), begin: end + 1, end: size - trailer.length };
}

async function unpacked<T>(
  handle: FileHandle,
  { header, begin, end }: FirstLine,
  file: string,
  options: ReadOptions,
  act: (entries: Extract) => Promise<T>,
): Promise<T> {
  const name = basename(file);
  const decrypt = header.encryption === 'none' ? undefined : await decryptor(name, header.encryption, options.keys);
  const source = async function* () {
    for (let at = begin; at < end; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(limits.archivePiece, end - at)), 0, undefined, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      options.progress?.({ bytes: at - begin, total: end - begin });
      yield buffer.subarray(0, bytesRead);
    }
  };
  const decompress = createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: limits.archiveWindowLog } });
  const entries = extract();
  const reading = pipeline(source, decrypt ?? ((bytes: AsyncIterable<Uint8Array>) => bytes), decompress, entries as unknown as Writable, {
    signal: options.signal,
  });
  let failure: unknown;
  reading.catch((error: unknown) => {
    failure ??= error;
  });
  try {
    const result = await act(entries);
    await reading;
    return result;
  } catch (error) {
    entries.destroy();
    await reading.catch(() => {});
    options.signal.throwIfAborted();
    throw explained(error, failure, name);
  }
}

/** Errors of the libraries in our words. @param failure of reading the file, whose other end `error` is */
function explained(error: unknown, failure: unknown, name: string): unknown {
  if (error instanceof NoodleError || error instanceof Enough) return error;
  if (failure instanceof NoodleError) return failure;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (/^Unexpected end of data$/.test(message) || code === 'Z_BUF_ERROR' || /unexpected end of file/i.test(message))
    return cutOff(name, error);
  if (/^(ZSTD_|Z_)/.test(code)) return damaged(name, 'what is compressed was changed', error);
  if (/tar header|Invalid header|Header exceeds|checksum/i.test(message)) return damaged(name, 'its table of contents was changed', error);
  return error;
}
