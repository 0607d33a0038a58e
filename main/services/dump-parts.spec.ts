import { expect, it } from 'vitest';
import { z } from 'zod';
import { limits } from '../limits.ts';
import { inChunks, linesOf, readJsonPart, recordsOf } from './dump-parts.ts';

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<string[]> {
  const told: string[] = [];
  for await (const piece of pieces) told.push(Buffer.from(piece).toString('latin1'));
  return told;
}

/** Records of a byte for their own length. */
const lengthOf = (bytes: Buffer) => (bytes.length < 1 ? undefined : bytes[0]);

it.each([1, 2, 3, 7, 100])('cuts records and lines whatever the chunks (%i bytes)', async (size) => {
  const records = Buffer.from('\u0003ab\u0001\u0005cdef', 'latin1');
  expect(await all(recordsOf(cut(records, size), 'x', lengthOf, 9))).toEqual(['\u0003ab', '\u0001', '\u0005cdef']);
  expect(await all(linesOf(cut(Buffer.from('one\n\nthree\nlast'), size), 'x', 5))).toEqual(['one', '', 'three', 'last']);
});

it('refuses records that are cut off or have no length', async () => {
  await expect(all(recordsOf(cut(Buffer.from('\u0003a'), 9), 'some.keys', lengthOf, 9))).rejects.toMatchObject({
    code: 'archive-damaged',
    problem: { what: 'The part some.keys of the backup cannot be used.', why: 'its last record is cut off' },
  });
  await expect(all(recordsOf(cut(Buffer.from('\u0000a'), 9), 'x', lengthOf, 9))).rejects.toMatchObject({ code: 'archive-damaged' });
});

it('holds no record, line or whole part that is longer than any may be, and tells which part it is', async () => {
  const endless = async function* () {
    for (let read = 0; ; read += 1_000) {
      if (read > 10_000) throw new Error('it went on reading');
      yield Buffer.alloc(1_000, 'x');
    }
  };
  const refused = (why: string) => ({
    code: 'archive-damaged',
    problem: { what: 'The part some.keys of the backup cannot be used.', why: expect.stringContaining(why) },
  });
  await expect(all(recordsOf(endless(), 'some.keys', () => 2 ** 31, 2 ** 30))).rejects.toMatchObject(refused('2147483648 bytes long'));
  await expect(all(linesOf(endless(), 'some.keys', 5_000))).rejects.toMatchObject(refused('longer than 5000 bytes'));
  await expect(all(linesOf(cut(Buffer.from('short\nlonger\n'), 3), 'some.keys', 5))).rejects.toMatchObject(refused('longer'));
});

it('hands on what is small in one piece, and what is large as it comes', async () => {
  const large = Buffer.alloc(limits.dumpChunk, 'x');
  const sizes: number[] = [];
  for await (const chunk of inChunks(['a', Buffer.from('b'), large, 'c'])) sizes.push(chunk.length);
  expect(sizes).toEqual([limits.dumpChunk + 2, 1]);
});

it('refuses a part that is missing, another, or not what it has to be', async () => {
  const schema = z.object({ one: z.number() });
  const part = (name: string, text: string) => ({ name, content: cut(Buffer.from(text), 2) });
  expect(await readJsonPart(part('a.json', '{"one":1}'), 'a.json', schema)).toEqual({ one: 1 });
  for (const wrong of [undefined, part('b.json', '{"one":1}'), part('a.json', '{"one":"1"}'), part('a.json', '{"one"')]) {
    await expect(readJsonPart(wrong, 'a.json', schema)).rejects.toMatchObject({ code: 'archive-damaged' });
  }
});
