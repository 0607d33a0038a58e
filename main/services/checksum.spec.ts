import { expect, it } from 'vitest';
import { UnorderedChecksum } from './checksum.ts';

function of(...things: readonly (readonly string[])[]): string {
  const checksum = new UnorderedChecksum();
  for (const parts of things) checksum.add(...parts);
  return checksum.toString();
}

it('is the same in whatever order things come, and another for other things', () => {
  expect(of(['a', 'b'], ['c'], ['c'])).toBe(of(['c'], ['a', 'b'], ['c']));
  const different = [of(), of(['a']), of(['a'], ['a']), of(['ab', 'c']), of(['a', 'bc']), of(['abc']), of(['a'], ['bc'])];
  expect(new Set(different).size).toBe(different.length);
});
