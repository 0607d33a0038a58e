import { describe, expect, it } from 'vitest';
import { pageRows, RowPages } from './row-pages.ts';

const rows = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at);

describe('pages of rows', () => {
  it('ask for what is missing, and for the rest of a page that came in part', () => {
    const pages = new RowPages<number>();
    expect(pages.missing(490, 510, 10_000)).toEqual([
      { from: 0, count: 500 },
      { from: 500, count: 500 },
    ]);
    pages.put(0, rows(0, 500));
    pages.put(500, rows(500, 20));
    expect(pages.missing(490, 510, 10_000)).toEqual([{ from: 520, count: 480 }]);
    pages.put(520, rows(520, 480));
    expect(pages.missing(0, 1000, 10_000)).toEqual([]);
    expect([pages.at(0), pages.at(999), pages.at(1000)]).toEqual([0, 999, undefined]);
  });

  it('ask again for the last page when a result has grown', () => {
    const pages = new RowPages<number>();
    pages.put(0, rows(0, 10));
    expect(pages.missing(0, 50, 10)).toEqual([]);
    expect(pages.missing(0, 50, 30)).toEqual([{ from: 10, count: 20 }]);
  });

  it('let go of those looked at longest ago', () => {
    const pages = new RowPages<number>();
    for (let page = 0; page < 60; page++) pages.put(page * pageRows, rows(page * pageRows, pageRows));
    expect(pages.at(0)).toBeUndefined();
    expect(pages.at(59 * pageRows)).toBe(59 * pageRows);
  });
});
