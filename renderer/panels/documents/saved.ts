import type { SavedItem } from '../../../preload/contract/index.ts';
import { savedQuery } from './query/history.ts';
import { type DocumentsSearch, documentsSearch } from './search.ts';

/** Where a saved query or pipeline is opened: at its collection. */
export function savedDocuments({ kind, body }: Pick<SavedItem, 'kind' | 'body'>): DocumentsSearch | undefined {
  const query = kind === 'query' || kind === 'pipeline' ? savedQuery(body) : undefined;
  if (query === undefined) return undefined;
  const { database: db, collection: coll, ...texts } = query;
  return documentsSearch(kind === 'query' ? { db, coll, ...texts } : { db, coll, tab: 'aggregation' });
}
