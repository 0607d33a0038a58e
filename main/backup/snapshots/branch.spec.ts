import { expect, test } from 'vitest';
import { branchName } from './branch.ts';

test('a branch is called by its stack and what its snapshot is called, as far as a name of a stack may hold it', () => {
  const id = '20260314-092653-1a2b';
  expect(branchName('mine', { id, name: null })).toBe(`mine-${id}`);
  expect(branchName('mine', { id, name: ' Before: the "import"! ' })).toBe('mine-before-the-import');
  expect(branchName('mine', { id, name: '😀' })).toBe(`mine-${id}`);
  expect(branchName('mine', { id, name: 'x'.repeat(80) })).toHaveLength(63);
  expect(branchName('mine', { id, name: `${'x'.repeat(57)} y` })).toBe(`mine-${'x'.repeat(57)}`);
});
