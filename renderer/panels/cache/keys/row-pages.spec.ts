import { expect, it } from 'vitest';
import type { KeyRow } from '../../../../preload/contract/index.ts';
import { RowPages } from './row-pages.ts';

const row = (key: string): KeyRow => ({
  kind: 'key',
  depth: 0,
  key,
  label: key,
  open: false,
  loading: false,
  keys: 0,
  type: null,
  ttl: null,
});

it('asks once for what is missing, and again when it is out of date', () => {
  const pages = new RowPages();
  expect(pages.wanted(0, 450, 1, 0, 0)).toEqual([0, 1, 2]);
  expect(pages.wanted(0, 450, 1, 0, 0)).toEqual([]);
  pages.put(0, 1, [row('a')], 0);
  expect(pages.wanted(0, 100, 1, 0, 0)).toEqual([]);
  expect(pages.wanted(0, 100, 2, 300, 100)).toEqual([]);
  expect(pages.wanted(0, 100, 2, 300, 400)).toEqual([0]);
  expect(pages.at(0)?.key).toBe('a');
  pages.failed(0);
  expect(pages.wanted(0, 100, 2, 300, 400)).toEqual([0]);
});

it('shows what it had while another scan begins, and asks for all of it', () => {
  const pages = new RowPages();
  pages.put(0, 1, [row('a')], 0);
  pages.outdate();
  expect(pages.at(0)?.key).toBe('a');
  expect(pages.wanted(0, 1, 1, 300, 1)).toEqual([0]);
});
