import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { limits } from '../limits.ts';
import { lineBatches, wholeText } from './bundle-parts.ts';

const chunked = (...chunks: readonly (string | Buffer)[]) =>
  Readable.from(
    chunks.map((chunk) => Buffer.from(chunk)),
    { objectMode: false },
  );

async function batches(content: Readable): Promise<(readonly string[])[]> {
  const all: (readonly string[])[] = [];
  for await (const lines of lineBatches(content, 'redis/keys.ndjson')) all.push(lines);
  return all;
}

it('gives lines in batches of about what is loaded at once, wherever the chunks are cut', async () => {
  const large = 'x'.repeat(limits.bundleLoadBytes - 3);
  expect(await batches(chunked('one\ntw', 'o\n'))).toEqual([['one', 'two']]);
  expect(await batches(chunked('one\n', large, 'y\nthr', 'ee\nfour'))).toEqual([
    ['one', `${large}y`],
    ['three', 'four'],
  ]);
  expect(await batches(chunked(large, 'xxx', 'no end'))).toEqual([[`${large}xxxno end`]]);
  expect(await batches(chunked('one\n\nthree\n'))).toEqual([['one', '', 'three']]);
  expect(await batches(chunked())).toEqual([]);
});

it('refuses a line or a whole part that no writer makes by the part that it is in, without holding more of it', async () => {
  let read = 0;
  const endless = () =>
    Readable.from(
      (function* () {
        for (read = 0; ; read += 2 ** 20) yield Buffer.alloc(2 ** 20, 'x');
      })(),
      { objectMode: false },
    );
  await expect(batches(endless())).rejects.toMatchObject({
    code: 'too-large',
    problem: { what: expect.stringContaining('redis/keys.ndjson') },
  });
  expect(read).toBeLessThan(limits.bundleLineBytes + 4 * 2 ** 20);
  await expect(wholeText(endless(), 'redis/index.json', 1_000)).rejects.toMatchObject({
    code: 'too-large',
    problem: { what: 'The part redis/index.json of the bundle is larger than 1000 bytes.' },
  });
});
