import { expect, it } from 'vitest';
import { limits } from '../../../limits.ts';
import { LineReader } from './lines.ts';

const parse = (line: string) => {
  const match = /^(\d+) (E )?/.exec(line);
  return match ? { time: Number(match[1]), level: match[2] ? ('error' as const) : ('info' as const) } : {};
};
const reader = () => new LineReader('service', parse, 1);
const texts = (lines: readonly { readonly text: string }[]) => lines.map(({ text }) => text);

it('lines are put together across pieces, even in the middle of a character', () => {
  const lines = reader();
  const bytes = Buffer.from('5 größe\r\n6 next\n7 rest');
  const cut = bytes.indexOf('ö') + 1;
  expect(texts(lines.read(bytes.subarray(0, cut)))).toEqual([]);
  expect(texts(lines.read(bytes.subarray(cut)))).toEqual(['5 größe', '6 next']);
  expect(texts(lines.end())).toEqual(['7 rest']);
  expect(lines.end()).toEqual([]);
});

it('a line that says neither time nor level takes those of the line before', () => {
  const read = reader().read(Buffer.from('start\n5 E broken\n\tat here\n6 fine\n'));
  expect(read.map(({ time, level }) => [time, level])).toEqual([
    [1, 'info'],
    [5, 'error'],
    [5, 'error'],
    [6, 'info'],
  ]);
});

it('an endless line is cut and does not pile up', () => {
  const lines = reader();
  const piece = Buffer.alloc(limits.logLineBytes, 'x');
  for (let round = 0; round < 10; round++) expect(lines.read(piece)).toEqual([]);
  const [cut, next] = lines.read(Buffer.from('y\n5 next\n'));
  expect(cut!.text).toHaveLength(limits.logLineBytes + '… (cut)'.length);
  expect(next!.text).toBe('5 next');
});
