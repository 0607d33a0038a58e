import { expect, it } from 'vitest';
import { retentionWord } from './retention.ts';

it('says how long points are kept', () => {
  const day = 86_400;
  expect([0, 3_600, 36 * 3_600, 7 * day, 30 * day, 28 * day, 90].map(retentionWord)).toEqual([
    'for ever',
    '1 h',
    '36 h',
    '7 d',
    '30 d',
    '4 w',
    '90 s',
  ]);
});
