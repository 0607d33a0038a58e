import { expect, it } from 'vitest';
import { clampWidth, columnsInSight, edges } from './columns.ts';

const columns = ['a', 'b', 'c'].map((key) => ({ key, name: key, width: 100 }));

it('columns stand side by side, each as wide as it was made', () => {
  expect(edges(columns, {})).toEqual([0, 100, 200, 300]);
  expect(edges(columns, { b: 50 })).toEqual([0, 100, 150, 250]);
  expect(edges([], {})).toEqual([0]);
});

it('only those in sight are drawn, those cut by an edge too', () => {
  const lefts = edges(columns, {});
  expect(columnsInSight(lefts, 0, 100)).toEqual({ from: 0, to: 1 });
  expect(columnsInSight(lefts, 50, 100)).toEqual({ from: 0, to: 2 });
  expect(columnsInSight(lefts, 100, 500)).toEqual({ from: 1, to: 3 });
  expect(columnsInSight([0], 0, 500)).toEqual({ from: 0, to: 0 });
});

it('a column can be made neither nothing nor endless', () => {
  expect(clampWidth(-5)).toBe(48);
  expect(clampWidth(100_000)).toBe(900);
  expect(clampWidth(120.4)).toBe(120);
});
