import { expect, test } from 'vitest';
import { descendants } from './family.ts';

test('descendants are found through all generations, and nobody else', () => {
  const all = [
    { pid: 1, parent: 0 },
    { pid: 10, parent: 1 },
    { pid: 11, parent: 10 },
    { pid: 12, parent: 10 },
    { pid: 13, parent: 11 },
    { pid: 20, parent: 1 },
  ];
  expect(descendants(all, 10)).toEqual([11, 12, 13]);
  expect(descendants(all, 20)).toEqual([]);
});
