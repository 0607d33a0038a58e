import { expect, test } from 'vitest';
import { differences } from './check.ts';

test('counts that differ are told, and those that were or are missing count as none', () => {
  const then = [
    { name: 'users', rows: 100 },
    { name: 'jobs', rows: 5000 },
    { name: 'gone', rows: 1 },
  ];
  const now = [
    { name: 'users', rows: 100 },
    { name: 'jobs', rows: 5012 },
    { name: 'new', rows: 2 },
  ];
  expect(differences(then, now)).toEqual(['jobs 5,000 → 5,012', 'gone 1 → 0', 'new 0 → 2']);
});
