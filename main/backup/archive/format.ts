/**
 * The one file format of everything portable (`*.noodle`): one line of JSON that anyone may read, then a tar stream,
 * compressed (zstd) and encrypted (age) where that was asked for.
 *
 * The tar stream holds `about.json`, then the parts, and last `manifest.json`, which names every part with its size and
 * hash and carries the hash of the first line. After it a last line says that the file is not cut off. A part is cut into pieces (`<path>.000000`, `<path>.000001` …), since tar
 * wants sizes beforehand and a dump's is known only afterwards.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { NoodleError } from '../../errors.ts';
import { parsedJson } from '../../home/files.ts';
import { limits } from '../../limits.ts';

export const archiveFormat = 1;

export const archiveKinds = ['backup', 'bundle'] as const;
export type ArchiveKind = (typeof archiveKinds)[number];

/** The first line: what is told of a file without any key. */
export const ArchiveHeader = z.object({
  noodlebox: z.enum(archiveKinds),
  format: z.literal(archiveFormat),
  encryption: z.enum(['none', 'passphrase', 'recipients']),
  /** ms since the epoch */
  createdAt: z.number().int().nonnegative(),
  parts: z.number().int().nonnegative(),
  /** Bytes of all parts together, unpacked. */
  unpacked: z.number().int().nonnegative(),
  /** What the maker lets everybody know. */
  open: z.record(z.string(), z.unknown()),
});
export type ArchiveHeader = z.infer<typeof ArchiveHeader>;

export const ArchivePart = z.object({ path: z.string(), size: z.number().int().nonnegative(), sha256: z.string() });
export type ArchivePart = z.infer<typeof ArchivePart>;

export const Manifest = z.object({ header: z.string(), about: z.string(), parts: z.array(ArchivePart) });
export type Manifest = z.infer<typeof Manifest>;

/** The last bytes of a file that is not cut off. */
export const trailer = Buffer.from('\nnoodlebox end\n');

export const aboutEntry = 'about.json';
export const manifestEntry = 'manifest.json';

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** @throws NoodleError bad-argument for a path that no archive may hold */
export function checkedPath(path: string): string {
  if (isPath(path)) return path;
  throw new NoodleError({ code: 'bad-argument', what: `${JSON.stringify(path)} cannot be the name of a part.` });
}

/**
 * Parts lie in a folder of their service, and their names are plain: whatever else a name may hold (an absolute path,
 * `..`, a drive, a backslash, a line break) is of no use here and of some use to an attacker.
 */
function isPath(path: string): boolean {
  const steps = path.split('/');
  return path.length <= limits.archivePath && steps.length > 1 && steps.every((step) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(step));
}

export function pieceName(path: string, piece: number): string {
  return `${path}.${String(piece).padStart(6, '0')}`;
}

/** @returns undefined for a name that no writer of ours makes */
export function parsePiece(name: string): { readonly path: string; readonly piece: number } | undefined {
  const [, path, piece] = /^(.+)\.(\d{6,9})$/.exec(name) ?? [];
  return path !== undefined && isPath(path) ? { path, piece: Number(piece) } : undefined;
}

/** The first line in as many bytes as `reserved`, so that it can be written again once all is known. */
export function headerLine(header: ArchiveHeader, reserved = 0): string {
  const line = JSON.stringify(header);
  return `${line}${' '.repeat(Math.max(0, reserved - Buffer.byteLength(line) - 1))}\n`;
}

/** @param file for the error @throws NoodleError archive-format, archive-damaged */
export function parseHeader(line: string, file: string): ArchiveHeader {
  const value = parsedJson(line) as { noodlebox?: unknown; format?: unknown } | undefined;
  if (typeof value?.noodlebox !== 'string' || typeof value.format !== 'number') throw notOurs(file);
  if (value.format > archiveFormat) {
    throw new NoodleError({
      code: 'archive-format',
      what: `${file} was made by a newer Noodlebox.`,
      why: `It is of format ${value.format}; this one knows formats up to ${archiveFormat}.`,
      todo: 'Update Noodlebox, then try again.',
    });
  }
  const read = ArchiveHeader.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw damaged(file, `its first line: ${issue?.path.join('.')}: ${issue?.message}`);
}

export function notOurs(file: string): NoodleError {
  return new NoodleError({ code: 'archive-format', what: `${file} is no file of Noodlebox.`, why: 'Its first line does not say so.' });
}

/** @param why names the part */
export function damaged(file: string, why: string, cause?: unknown): NoodleError {
  const text = `${why.charAt(0).toUpperCase()}${why.slice(1)}${/[.!?]$/.test(why) ? '' : '.'}`;
  return new NoodleError({ code: 'archive-damaged', what: `${file} is damaged.`, why: text, todo: 'Use another copy of it.' }, { cause });
}

export function cutOff(file: string, cause?: unknown): NoodleError {
  return new NoodleError(
    {
      code: 'archive-damaged',
      what: `${file} is cut off.`,
      why: 'It ends before its end.',
      todo: 'Copy it again from where it came from.',
    },
    { cause },
  );
}
