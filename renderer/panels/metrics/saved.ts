import type { SavedItem } from '../../../preload/contract/index.ts';
import type { MetricsSearch } from './search.ts';

/** Where a saved query or a dashboard is opened. */
export function savedMetrics({ id, kind }: Pick<SavedItem, 'id' | 'kind'>): MetricsSearch | undefined {
  if (kind === 'dashboard') return { tab: 'boards', board: id };
  return kind === 'query' ? { tab: 'flux', saved: id } : undefined;
}
