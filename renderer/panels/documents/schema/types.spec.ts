import { expect, it } from 'vitest';
import { hueOfType, percent } from './types.ts';

it('a share is never rounded to all or nothing', () => {
  expect([percent(1, 1_000), percent(999, 1_000), percent(1, 3), percent(5, 5), percent(0, 5)]).toEqual([
    '<1 %',
    '>99 %',
    '33 %',
    '100 %',
    '0 %',
  ]);
});

it('a type without a colour of its own has the quiet one', () => {
  expect(hueOfType('minKey')).toBe('var(--nb-chart-8)');
});
