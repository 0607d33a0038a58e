import { expect, it } from 'vitest';
import { historyQueries, queryWords, savedQuery } from './history.ts';

const entry = (id: number, body: unknown) => ({
  id,
  panel: 'documents' as const,
  service: 'mongodb',
  text: typeof body === 'string' ? body : JSON.stringify(body),
  at: 0,
  took: null,
  rows: null,
  failure: null,
});

it('the history of a collection holds each of its queries once, and nothing of others', () => {
  const entries = [
    entry(4, { kind: 'find', database: 'd', collection: 'c', filter: '{ a: 1 }' }),
    entry(3, { kind: 'find', database: 'd', collection: 'other', filter: '{ b: 1 }' }),
    entry(2, { kind: 'find', database: 'd', collection: 'c', filter: '{ a:   1 }' }),
    entry(1, 'no JSON'),
  ];
  expect(historyQueries(entries, 'd', 'c').map(({ key, filter }) => [key, filter])).toEqual(
    [
      [4, '{ a: 1 }'],
      [2, '{ a:   1 }'],
    ]
      .slice(0, 1)
      .concat([]),
  );
});

it('a query in words', () => {
  expect(queryWords({ filter: '', project: '', sort: '{ a: -1 }', collation: '' })).toBe('{ } sort { a: -1 }');
  expect(savedQuery('{"collection":5}')).toBeUndefined();
});
