import type { SavedItem } from '../../../preload/contract/index.ts';
import type { SqlSearch } from './search.ts';

/** Where a saved query is opened: in a tab of its own. */
export function savedSql({ id, kind }: Pick<SavedItem, 'id' | 'kind'>): SqlSearch | undefined {
  return kind === 'query' ? { query: id } : undefined;
}
