import { expect, it } from 'vitest';
import type { ElementRow } from '../../../../preload/contract/index.ts';
import { ElementPages } from './element-pages.ts';

const row = (name: string): ElementRow => ({
  name,
  long: false,
  value: { data: '', binary: false, bytes: 0, cut: false },
  score: null,
  fields: null,
});

it('fetches any page of what has places', () => {
  const pages = new ElementPages(true);
  expect(pages.wanted(0, 50)).toEqual(['0']);
  pages.put('0', [row('0')], '200', 1_000);
  expect(pages.rows).toBe(1_000);
  expect(pages.wanted(790, 850)).toEqual(['600', '800']);
  expect(pages.wanted(790, 850)).toEqual([]);
  pages.put('800', [row('800')], null, 1_000);
  expect(pages.at(800)?.name).toBe('800');
});

it('goes on where the last page ended, and shows nothing twice', () => {
  const pages = new ElementPages(false);
  expect(pages.wanted(0, 1)).toEqual(['']);
  pages.put('', [row('a'), row('b')], '17', 5);
  expect([pages.rows, pages.more]).toEqual([2, true]);
  expect(pages.wanted(0, 1)).toEqual([]);
  expect(pages.wanted(0, 50)).toEqual(['17']);
  pages.put('17', [row('b'), row('c')], null, 5);
  expect([pages.rows, pages.more, pages.wanted(0, 50)]).toEqual([3, false, []]);
});
