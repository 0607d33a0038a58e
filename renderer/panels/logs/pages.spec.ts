import { describe, expect, it } from 'vitest';
import { PageCache, pageLines } from './pages.ts';

const page = (number: number, lines = pageLines) => Array.from({ length: lines }, (_, at) => number * pageLines + at);

describe('pages of lines', () => {
  it('are asked for once, and again while the last of them grows', () => {
    const cache = new PageCache<number>();
    expect(cache.missing(150, 250, 1000)).toEqual([0, 1]);
    cache.put(0, page(0));
    cache.put(1, page(1, 50));
    expect(cache.missing(150, 250, 250)).toEqual([]);
    expect(cache.missing(150, 250, 251)).toEqual([1]);
    expect([cache.at(199), cache.at(200), cache.at(260)]).toEqual([199, 200, undefined]);
  });

  it('do not pile up', () => {
    const cache = new PageCache<number>();
    for (let number = 0; number < 500; number++) cache.put(number, page(number));
    expect(cache.at(0)).toBeUndefined();
    expect(cache.at(499 * pageLines)).toBe(499 * pageLines);
  });

  it('beyond the end are not asked for', () => {
    expect(new PageCache<number>().missing(0, 50, 0)).toEqual([]);
  });
});
