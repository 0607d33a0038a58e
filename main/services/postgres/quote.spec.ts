import { expect, it } from 'vitest';
import { quoteIdentifier, quoteQualified } from './quote.ts';

it.each([
  ['users', '"users"'],
  ['select', '"select"'],
  ['Mixed Case', '"Mixed Case"'],
  ['a"; drop table users; --', '"a""; drop table users; --"'],
  ['""', '""""""'],
  ['tab\tnew\nline', '"tab\tnew\nline"'],
  ["it's $1 \\", '"it\'s $1 \\"'],
])('%j is quoted as %s', (name, quoted) => {
  expect(quoteIdentifier(name)).toBe(quoted);
});

it('a dot is part of a name unless the parts are given', () => {
  expect(quoteIdentifier('public.users')).toBe('"public.users"');
  expect(quoteQualified('public', 'us"ers')).toBe('"public"."us""ers"');
});

it.each(['', 'a\0b'])('%j is refused: PostgreSQL has no such name', (name) => {
  expect(() => quoteIdentifier(name)).toThrowError(/cannot be a name in PostgreSQL/);
});
