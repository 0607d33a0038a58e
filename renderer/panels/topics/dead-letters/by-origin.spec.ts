import { expect, it } from 'vitest';
import { byOrigin } from './by-origin.ts';

it('counts dead letters by where they go', () => {
  const letters = [{ origin: 'a' }, { origin: 'b' }, { origin: null }, { origin: 'b' }];
  expect(byOrigin(letters)).toEqual({
    origins: [
      { origin: 'b', letters: 2 },
      { origin: 'a', letters: 1 },
    ],
    homeless: 1,
  });
});
