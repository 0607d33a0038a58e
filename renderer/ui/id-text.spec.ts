import { expect, it } from 'vitest';
import { pieces } from './id-text.tsx';

const id = '4dc6e6f8-64ea-4b0d-9c2d-0c5e6c1f2a3b';

it('finds every id in a text, whatever stands around it', () => {
  expect(pieces(`session:${id}`).map(({ part }) => part)).toEqual(['session:', id]);
  expect(pieces(`${id} and ${id}`).map(({ id: is }) => is)).toEqual([true, false, true]);
  expect(pieces('no id')).toEqual([{ at: 0, part: 'no id', id: false }]);
  expect(pieces('')).toEqual([]);
});
