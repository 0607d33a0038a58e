/** One id through all stores, and names of all stores for the palette. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { stackInput } from './common.ts';
import { PanelName, ServiceKindName } from './kinds.ts';
import { ProblemData } from './models.ts';

/** Where something is shown: a panel's path, and the search that its panel understands. */
export const PanelLink = z.object({
  panel: PanelName,
  service: z.string(),
  /** The panel's own search parameters. */
  search: z.record(z.string(), z.unknown()),
});
export type PanelLink = z.infer<typeof PanelLink>;

/** One row, key, event, document or series in which an id was found. */
export const TraceFinding = z.object({
  /** `row`, `key`, `event`, `document`, `series` */
  what: z.enum(['row', 'key', 'event', 'document', 'series']),
  /** The table, key shape, topic, collection or measurement. */
  place: z.string(),
  /** Which one of it: a primary key, a key, a message id, a document id, a series' tags. */
  name: z.string(),
  /** How the id stands in it: "its own id", "as project_id". */
  relation: z.string(),
  /** ms since the epoch, for the time line; null when it carries no time. */
  time: z.number().nullable(),
  /** What is in it, as JSON text; long values cut. */
  content: z.string(),
  link: PanelLink,
});
export type TraceFinding = z.infer<typeof TraceFinding>;

export const StoreTrace = z.object({
  service: z.string(),
  kind: ServiceKindName,
  findings: z.array(TraceFinding),
  /** More were there than are told. */
  cut: z.boolean(),
  /** ms it took */
  took: z.number(),
  problem: ProblemData.nullable(),
});
export type StoreTrace = z.infer<typeof StoreTrace>;

/** A table, key prefix, topic, collection or measurement, by name. */
export const FoundName = z.object({
  kind: ServiceKindName,
  /** "table", "key prefix", "topic", "collection", "measurement" */
  what: z.string(),
  name: z.string(),
  link: PanelLink,
});
export type FoundName = z.infer<typeof FoundName>;

export const traceContract = oc.router({
  /** Everything that carries the id, a store at a time in no certain order of stores. */
  find: oc.input(stackInput.extend({ id: z.string().trim().min(1).max(200) })).output(z.array(StoreTrace)),
  /** An id that the generated data have in all stores; null where none were loaded. */
  example: oc.input(stackInput).output(z.object({ what: z.string(), id: z.string() }).nullable()),
});

export const lookupContract = oc.router({
  /** Names that contain the text, of all stores that answer. */
  names: oc.input(stackInput.extend({ text: z.string().max(200) })).output(z.array(FoundName)),
});
