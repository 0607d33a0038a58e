import { expect, it } from 'vitest';
import { RowPages } from './row-pages.ts';

const rows = (from: number, count: number) => Array.from({ length: count }, (_, at) => ({ table: 0, cells: [String(from + at)] }));

it('asks for each page once, and again when it has grown', () => {
  const pages = new RowPages();
  expect(pages.missing(0, 0, 100)).toEqual([{ from: 0, count: 250 }]);
  expect(pages.missing(0, 0, 100)).toEqual([]);
  pages.put(0, 0, rows(0, 100));
  expect(pages.at(0, 99)?.cells).toEqual(['99']);
  expect(pages.missing(0, 0, 100)).toEqual([]);
  expect(pages.missing(0, 0, 600).map(({ from }) => from)).toEqual([0, 250, 500]);
  pages.failed(0, 500);
  expect(pages.missing(0, 500, 600)).toEqual([{ from: 500, count: 250 }]);
  expect(pages.at(1, 0)).toBeUndefined();
});

it('lets go of what was used long ago', () => {
  const pages = new RowPages();
  for (let page = 0; page < 100; page++) pages.put(0, page * 250, rows(page * 250, 250));
  expect(pages.at(0, 0)).toBeUndefined();
  expect(pages.at(0, 99 * 250)).toBeDefined();
});
