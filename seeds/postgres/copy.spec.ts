import { expect, it } from 'vitest';
import { copyLine } from './copy.ts';

it('escapes whatever would end a field, a row or the data', () => {
  expect(copyLine(['a\tb', 'c\nd', 'e\r\nf', '\\.', '\\N'])).toBe('a\\tb\tc\\nd\te\\r\\nf\t\\\\.\t\\\\N\n');
});

it('tells NULL, an empty string and the text NULL apart', () => {
  expect(copyLine([null, '', 'NULL'])).toBe('\\N\t\tNULL\n');
});

it('leaves quotes, semicolons and other scripts as they are', () => {
  expect(copyLine([`'; drop table users; --`, '"x"', 'ünïcödé ✓ 🜁'])).toBe(`'; drop table users; --\t"x"\tünïcödé ✓ 🜁\n`);
});

it('leaves out NUL, which PostgreSQL cannot hold, and escapes the other control characters', () => {
  expect(copyLine(['a\0b\b\f\v'])).toBe('ab\\b\\f\\v\n');
});

it('writes numbers whole', () => {
  expect(copyLine([9_007_199_254_740_991, -0.5, 0])).toBe('9007199254740991\t-0.5\t0\n');
});
