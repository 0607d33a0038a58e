/** Where each panel opens what it saved under a name. Drafts and open tabs have no place. */
import type { PanelName, SavedItem } from '../../preload/contract/index.ts';
import { savedDocuments } from './documents/saved.ts';
import { savedMetrics } from './metrics/saved.ts';
import { savedSql } from './sql/saved.ts';
import { savedTopics } from './topics/saved.ts';

const panels: Partial<Record<PanelName, (item: SavedItem) => object | undefined>> = {
  sql: savedSql,
  topics: savedTopics,
  documents: savedDocuments,
  metrics: savedMetrics,
};

/** The search of the panel that shows it; undefined: nothing does. */
export function savedSearch(item: SavedItem): object | undefined {
  return panels[item.panel]?.(item);
}
