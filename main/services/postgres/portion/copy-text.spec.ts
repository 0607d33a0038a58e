import { expect, test } from 'vitest';
import { copyLine } from '../../../../seeds/postgres/copy.ts';
import { copyFields, linesOf, newlinesIn } from './copy-text.ts';

test('what was written is read again, nulls, newlines and backslashes too', () => {
  const row = ['plain', null, '', '\\N', 'tab\there', 'line\nbreak\r\n', 'back\\slash', '\\x41', 'é😀', '\b\f\v'];
  expect(copyFields(copyLine(row).slice(0, -1))).toEqual(row);
  expect(copyFields('\\x41\\101\\q')).toEqual(['AAq']);
});

test('lines are put together over the borders of chunks, in the middle of a letter too', async () => {
  const text = Buffer.from('eins\nzwölf\n😀😀\nletzte\n');
  for (const size of [1, 2, 3, 7, 100]) {
    const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.subarray(at * size, (at + 1) * size));
    const lines: string[] = [];
    for await (const batch of linesOf((async function* () { yield* chunks; })())) lines.push(...batch); // biome-ignore format: one line
    expect(lines, String(size)).toEqual(['eins', 'zwölf', '😀😀', 'letzte']);
  }
  expect(newlinesIn(text)).toBe(4);
});
