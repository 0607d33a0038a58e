import { expect, it } from 'vitest';
import { documentsSearch } from './search.ts';

it('an address that makes no sense says nothing; defaults are not written', () => {
  expect(documentsSearch({ tab: 'nope', view: 7, at: -1, filter: '', service: 5.5 })).toEqual({ service: '5.5' });
  expect(documentsSearch({ tab: 'documents', view: 'list', timeout: 60 })).toEqual({});
  expect(documentsSearch({ timeout: 600 })).toEqual({ timeout: 600 });
  expect(documentsSearch({ timeout: 5 })).toEqual({});
  expect(documentsSearch({ db: 'a', coll: "x'y", tab: 'schema', view: 'table', at: 3 })).toEqual({
    db: 'a',
    coll: "x'y",
    tab: 'schema',
    view: 'table',
    at: 3,
  });
});

it('a filter that is JSON stays a text; one too long for an address is left out', () => {
  expect(documentsSearch({ filter: { a: 1 }, sort: '{ a: -1 }' })).toEqual({ filter: '{"a":1}', sort: '{ a: -1 }' });
  expect(documentsSearch({ filter: 'x'.repeat(5_000) })).toEqual({});
});
