/** Where each panel opens what it saved under a name. What is not opened by itself (drafts, templates) has no place. */
import type { PanelName, SavedItem } from '../../preload/contract/index.ts';
import { savedDocuments } from './documents/saved.ts';
import { savedMetrics } from './metrics/saved.ts';
import { savedSql } from './sql/saved.ts';

const panels: Partial<Record<PanelName, (item: SavedItem) => object | undefined>> = {
  sql: savedSql,
  documents: savedDocuments,
  metrics: savedMetrics,
};

/** The search of the panel that shows it; undefined: nothing does. */
export function savedSearch(item: SavedItem): object | undefined {
  return panels[item.panel]?.(item);
}
