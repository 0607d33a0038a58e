/** What a person keeps beside a stack: what was run, and what was saved under a name. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { stackInput } from './common.ts';
import { PanelName } from './kinds.ts';

/** One statement, command, filter or script that was run. */
export const HistoryEntry = z.object({
  id: z.number().int(),
  panel: PanelName,
  service: z.string(),
  text: z.string(),
  /** ms since the epoch */
  at: z.number(),
  /** ms; null when it did not end */
  took: z.number().nullable(),
  /** Rows, keys, messages, documents or points it gave or changed; null when unknown. */
  rows: z.number().nullable(),
  /** What went wrong, in words; null when nothing did. */
  failure: z.string().nullable(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** Something kept under a name: a query, a tab, a chart, a dashboard, a template. What is in `body` is the panel's own affair. */
export const SavedItem = z.object({
  id: z.string().min(1).max(64),
  panel: PanelName,
  /** `query`, `tab`, `chart`, `dashboard`, `template` … */
  kind: z.string().min(1).max(32),
  name: z.string().min(1).max(200),
  body: z.string().max(512 * 1024),
  /** ms since the epoch */
  at: z.number(),
});
export type SavedItem = z.infer<typeof SavedItem>;

const panelInput = stackInput.extend({ panel: PanelName });

export const notebookContract = oc.router({
  /** Newest first. `text` narrows to those that contain it, without regard to case. */
  history: oc
    .input(panelInput.extend({ text: z.string().max(1000).default(''), limit: z.number().int().min(1).max(1000).default(200) }))
    .output(z.array(HistoryEntry)),
  clearHistory: oc.input(panelInput).output(z.void()),
  /** Those of one kind, by name; all of the panel without a kind. */
  saved: oc.input(panelInput.extend({ kind: z.string().max(32).optional() })).output(z.array(SavedItem)),
  /** Keeps an item, in place of one of the same id. */
  save: oc.input(stackInput.extend({ item: SavedItem.omit({ at: true }) })).output(SavedItem),
  remove: oc.input(panelInput.extend({ id: z.string().max(64) })).output(z.void()),
});
