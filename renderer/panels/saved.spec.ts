import { expect, it } from 'vitest';
import type { SavedItem } from '../../preload/contract/index.ts';
import { savedSearch } from './saved.ts';

const item = (panel: SavedItem['panel'], kind: string, body = '{}'): SavedItem => ({ id: 'i1', panel, kind, name: 'n', body, at: 0 });

it('a saved query of SQL or Flux is opened by its id, a dashboard as such', () => {
  expect(savedSearch(item('sql', 'query'))).toEqual({ query: 'i1' });
  expect(savedSearch(item('metrics', 'query'))).toEqual({ tab: 'flux', saved: 'i1' });
  expect(savedSearch(item('topics', 'template'))).toEqual({ template: 'i1' });
  expect(savedSearch(item('metrics', 'dashboard'))).toEqual({ tab: 'boards', board: 'i1' });
});

it('a query of documents is opened at its collection, as it was', () => {
  const body = JSON.stringify({ database: 'noodle_db', collection: 'users', filter: '{ a: 1 }', sort: '{ a: -1 }' });
  expect(savedSearch(item('documents', 'query', body))).toEqual({ db: 'noodle_db', coll: 'users', filter: '{ a: 1 }', sort: '{ a: -1 }' });
  expect(savedSearch(item('documents', 'pipeline', body))).toEqual({ db: 'noodle_db', coll: 'users', tab: 'aggregation' });
  expect(savedSearch(item('documents', 'query', 'broken'))).toBeUndefined();
});

it("drafts and open tabs are nobody's to find", () => {
  for (const [panel, kind] of [
    ['sql', 'tab'],
    ['sql', 'open'],
    ['metrics', 'draft'],
    ['topics', 'draft'],
  ] as const)
    expect(savedSearch(item(panel, kind))).toBeUndefined();
});
