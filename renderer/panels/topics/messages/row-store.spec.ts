import { describe, expect, it } from 'vitest';
import type { MessageRow } from '../../../../preload/contract/index.ts';
import { RowStore } from './row-store.ts';

const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => ({ at: from + at }) as MessageRow);

describe('rows that came', () => {
  it('are asked for once, a page at a time', () => {
    const store = new RowStore();
    expect(store.missing(50, 250)).toEqual([0, 100, 200]);
    expect(store.missing(50, 250)).toEqual([]);
    store.put(rows(0, 100));
    for (const page of [0, 100, 200]) store.answered(page);
    expect(store.missing(50, 250)).toEqual([100, 200]);
    expect(store.at(99)?.at).toBe(99);
  });

  it('are let go when there are too many, the oldest first', () => {
    const store = new RowStore();
    store.put(rows(0, 3_000));
    store.put(rows(3_000, 6_000));
    expect(store.at(0)).toBeUndefined();
    expect(store.at(5_999)).toBeDefined();
  });
});
