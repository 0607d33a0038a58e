import type { SavedItem } from '../../../preload/contract/index.ts';
import type { TopicsSearch } from './search.ts';

/** Where a template is opened: laid out to be published. */
export function savedTopics({ id, kind }: Pick<SavedItem, 'id' | 'kind'>): TopicsSearch | undefined {
  return kind === 'template' ? { template: id } : undefined;
}
