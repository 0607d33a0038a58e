import { expect, it } from 'vitest';
import { hexBytes, hexLines } from './hex.ts';

it('bytes stand sixteen a line, with what can be read of them', () => {
  const [first, second] = hexLines(new TextEncoder().encode('0123456789abcdef\n')).split('\n');
  expect(first).toBe('00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef');
  expect(second).toMatch(/^00000010 {2}0a\s+\.$/);
});

it('what is too much is named and not drawn', () => {
  expect(
    hexLines(new Uint8Array(hexBytes + 5))
      .split('\n')
      .at(-1),
  ).toBe('… 5 more bytes');
  expect(hexLines(new Uint8Array())).toBe('');
});
