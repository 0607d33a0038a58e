/**
 * Positions in the WAL and the files it is kept in.
 * https://www.postgresql.org/docs/17/wal-internals.html; names as XLogFileName makes them (src/include/access/xlog_internal.h).
 */

import { endianness } from 'node:os';

/** A byte position since the beginning of the cluster. */
export type Lsn = bigint;

/** @param text `1A/2B000060` */
export function parseLsn(text: string): Lsn {
  const [high, low] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export function showLsn(lsn: Lsn): string {
  const hex = (part: bigint) => part.toString(16).toUpperCase();
  return `${hex(lsn >> 32n)}/${hex(lsn & 0xffffffffn)}`;
}

/** The file that holds a position. @param segment bytes of one file */
export function segmentName(timeline: number, lsn: Lsn, segment: number): string {
  const number = lsn / BigInt(segment);
  const perId = 0x1_0000_0000n / BigInt(segment);
  const parts = [BigInt(timeline), number / perId, number % perId];
  return parts.map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join('');
}

/**
 * Whether a file of WAL lies ready to be written and holds nothing of what its name says: the server gives old files the
 * names of files to come. Its first page then has not the address that the name means (or none, when the file is new), and
 * for the server itself WAL ends before such a page. A file whose page has that address is one that was written.
 * The timeline on a page may be an older one than the name's: the first file of a timeline begins with what was before it.
 * src/include/access/xlog_internal.h (XLogPageHeaderData: magic u16, info u16, timeline u32, address u64, in the byte order
 * of the machine), src/backend/access/transam/xlogreader.c (XLogReaderValidatePageHeader), xlog.c (RemoveXlogFile)
 * @param size bytes of the file: all of one cluster are equally large @param head its first 16 bytes
 */
export function isUnwritten(name: string, size: number, head: Buffer): boolean {
  const [, high, low] = /^[0-9A-F]{8}([0-9A-F]{8})([0-9A-F]{8})$/.exec(name) ?? [];
  const isSegment = size >= 2 ** 20 && size <= 2 ** 30 && Number.isInteger(Math.log2(size));
  if (high === undefined || !isSegment || head.length < 16) return false;
  const address = (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`) * BigInt(size);
  const written = endianness() === 'LE' ? head.readBigUInt64LE(8) : head.readBigUInt64BE(8);
  return written !== address;
}

/** bytes from the beginning of its file to a position */
export function offsetIn(lsn: Lsn, segment: number): number {
  return Number(lsn % BigInt(segment));
}

/** Names of all files from one position to before another. */
export function segmentsBetween(timeline: number, from: Lsn, to: Lsn, segment: number): readonly string[] {
  const size = BigInt(segment);
  const names: string[] = [];
  for (let at = (from / size) * size; at < to; at += size) names.push(segmentName(timeline, at, segment));
  return names;
}

/** What `pg_receivewal` calls a file that is not full yet. */
export const partial = '.partial';

export interface Stretch {
  readonly timeline: number;
  readonly from: Lsn;
  readonly to: Lsn;
  /** bytes of one file */
  readonly segment: number;
}

/**
 * The files of a stretch under the names they lie under, oldest first, and those that are not there. Only the last one
 * may still be a partial one.
 */
export function filesOf({ timeline, from, to, segment }: Stretch, there: readonly string[]): { files: string[]; missing: string[] } {
  const known = new Set(there);
  const names = segmentsBetween(timeline, from, to, segment);
  const files: string[] = [];
  const missing: string[] = [];
  for (const [index, name] of names.entries()) {
    if (known.has(name)) files.push(name);
    else if (index === names.length - 1 && known.has(name + partial)) files.push(name + partial);
    else missing.push(name);
  }
  return { files, missing };
}

/** Files that end before a position and that nothing from there on needs. */
export function filesBefore(lsn: Lsn, segment: number, there: readonly string[]): readonly string[] {
  // Names of one timeline are ordered as their positions are.
  const first = segmentName(0, lsn, segment).slice(8);
  return there.filter((name) => /^[0-9A-F]{24}(\.partial)?$/.test(name) && name.slice(8, 24) < first);
}
