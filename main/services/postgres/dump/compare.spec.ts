import { expect, it } from 'vitest';
import { SqlDigest } from './compare.ts';

const digest = (...lines: string[]) => {
  const text = new SqlDigest();
  for (const line of lines) text.take(Buffer.from(line));
  return text.end();
};
const table = (...rows: string[]) => ['CREATE TABLE a (n int);', 'COPY public.a (n) FROM stdin;', ...rows, '\\.', ''];

it('is the same for rows in another order, whatever they look like', () => {
  expect(digest(...table('1', '-- 2', '\\restrict x', '1'))).toBe(digest(...table('1', '1', '\\restrict x', '-- 2')));
  expect(digest('--', '-- Name: a', '\\restrict abc', ...table('1'))).toBe(digest('\\restrict def', ...table('1')));
});

it('is another for a row more, less, twice, or of another table, and for statements in another order', () => {
  const seen = new Set(
    [
      table('1', '2'),
      table('1', '2', '2'),
      table('1'),
      table(),
      table('1', '-- 2'),
      [...table('1'), ...table('2')],
      [...table('2'), ...table('1')],
      [...table('1', '2'), 'ALTER TABLE a ADD b int;', 'ALTER TABLE a ADD c int;'],
      [...table('1', '2'), 'ALTER TABLE a ADD c int;', 'ALTER TABLE a ADD b int;'],
    ].map((lines) => digest(...lines)),
  );
  expect(seen.size).toBe(9);
});
