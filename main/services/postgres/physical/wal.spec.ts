import { endianness } from 'node:os';
import { describe, expect, it } from 'vitest';
import { filesBefore, filesOf, isUnwritten, offsetIn, parseLsn, segmentName, segmentsBetween, showLsn } from './wal.ts';

const MiB = 2 ** 20;

it('a position is read and written as PostgreSQL writes it', () => {
  for (const text of ['0/0', '0/3000060', '1A/2B000060', 'FFFFFFFF/FFFFFFFF']) expect(showLsn(parseLsn(text))).toBe(text);
});

it('a file is named by timeline and position, whatever the size of files', () => {
  // As pg_walfile_name answered of a 17 with files of 16 MiB.
  expect(segmentName(1, parseLsn('0/3000060'), 16 * MiB)).toBe('000000010000000000000003');
  expect(segmentName(2, parseLsn('1/FF000028'), 16 * MiB)).toBe('0000000200000001000000FF');
  expect(segmentName(1, parseLsn('1/0'), 64 * MiB)).toBe('000000010000000100000000');
  expect(offsetIn(parseLsn('0/3000060'), 16 * MiB)).toBe(0x60);
});

it('a stretch over the end of a number of files goes on with the next number', () => {
  expect(segmentsBetween(1, parseLsn('0/FE000010'), parseLsn('1/1000001'), 16 * MiB)).toEqual([
    '0000000100000000000000FE',
    '0000000100000000000000FF',
    '000000010000000100000000',
    '000000010000000100000001',
  ]);
  // Up to a file's first byte that file is not needed.
  expect(segmentsBetween(1, parseLsn('0/2000028'), parseLsn('0/3000000'), 16 * MiB)).toEqual(['000000010000000000000002']);
});

it('a missing file is named; a partial one counts at the end only', () => {
  const stretch = { timeline: 1, from: parseLsn('0/2000028'), to: parseLsn('0/4000100'), segment: 16 * MiB };
  const [two, three, four] = ['000000010000000000000002', '000000010000000000000003', '000000010000000000000004'];
  expect(filesOf(stretch, [two!, three!, `${four}.partial`])).toEqual({ files: [two, three, `${four}.partial`], missing: [] });
  expect(filesOf(stretch, [two!, `${three}.partial`, four!])).toEqual({ files: [two, four], missing: [three] });
});

it('only what ends before a position is of no use', () => {
  const names = ['000000010000000000000002', '000000020000000000000003', '000000010000000000000004.partial', '00000002.history'];
  expect(filesBefore(parseLsn('0/4000000'), 16 * MiB, names)).toEqual(names.slice(0, 2));
});

describe('a file of WAL that lies ready', () => {
  /** The beginning of a first page as a 17 writes it on this machine. */
  function head(address: string, timeline = 1): Buffer {
    const bytes = Buffer.alloc(16);
    const little = endianness() === 'LE';
    if (little) bytes.writeUInt16LE(0xd116, 0);
    else bytes.writeUInt16BE(0xd116, 0);
    if (little) bytes.writeUInt32LE(timeline, 4);
    else bytes.writeUInt32BE(timeline, 4);
    if (little) bytes.writeBigUInt64LE(parseLsn(address), 8);
    else bytes.writeBigUInt64BE(parseLsn(address), 8);
    return bytes;
  }

  it('is an old one under a new name, or an empty one', () => {
    expect(isUnwritten('000000010000000000000009', 16 * MiB, head('0/4000000'))).toBe(true);
    expect(isUnwritten('000000010000000000000009', 16 * MiB, Buffer.alloc(16))).toBe(true);
    // One page too far is another address, too.
    expect(isUnwritten('000000010000000000000009', 16 * MiB, head('0/9002000'))).toBe(true);
  });

  it('is none whose first page has the address that its name means, whatever the size of files', () => {
    expect(isUnwritten('000000010000000000000009', 16 * MiB, head('0/9000000'))).toBe(false);
    expect(isUnwritten('0000000100000002000000FF', 16 * MiB, head('2/FF000000'))).toBe(false);
    expect(isUnwritten('000000010000000200000003', 64 * MiB, head('2/C000000'))).toBe(false);
    expect(isUnwritten('000000010000000200000FFF', MiB, head('2/FFF00000'))).toBe(false);
    expect(isUnwritten('000000010000000200000003', 1024 * MiB, head('2/C0000000'))).toBe(false);
  });

  it('is none that was written before the timeline of its name began', () => {
    expect(isUnwritten('000000020000000000000009', 16 * MiB, head('0/9000000', 1))).toBe(false);
  });

  it('is nothing that is no whole file of WAL', () => {
    for (const name of [
      '00000002.history',
      '000000010000000000000009.partial',
      '000000010000000000000009.00000028.backup',
      'xlogtemp.77',
      'RECOVERYXLOG',
    ]) {
      expect(isUnwritten(name, 16 * MiB, head('0/4000000'))).toBe(false);
    }
    expect(isUnwritten('000000010000000000000009', 16 * MiB - 1, head('0/4000000'))).toBe(false);
    expect(isUnwritten('000000010000000000000009', 2048 * MiB, head('0/4000000'))).toBe(false);
    expect(isUnwritten('000000010000000000000009', 16 * MiB, head('0/4000000').subarray(0, 15))).toBe(false);
  });
});
