import { expect, it } from 'vitest';
import { isId, newId } from './choose.ts';

it('ids are readable, and in the order of their time also within a second', () => {
  const begin = Date.UTC(2026, 2, 14, 9, 26, 53);
  const ids = Array.from({ length: 1_000 }, (_, ms) => newId(begin + ms));
  expect(ids.every(isId)).toBe(true);
  expect(ids.every((id) => id.startsWith('20260314-092653-'))).toBe(true);
  expect(ids.toSorted()).toEqual(ids);
  expect(newId(begin + 1_000) > ids.at(-1)!).toBe(true);
  expect(isId(newId(begin + 0.75))).toBe(true);
});
