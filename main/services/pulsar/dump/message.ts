/** A message as a line of JSON. */
import { z } from 'zod';
import { type RawMessage, timeOf } from '../tail/raw.ts';

export const Line = z.object({
  payload: z.base64(),
  key: z.string().optional(),
  properties: z.record(z.string(), z.string()).optional(),
  /** ms since the epoch */
  eventTime: z.number().optional(),
  /** ISO 8601, as the broker told it when the message was first published. */
  published: z.string(),
});
export type Line = z.infer<typeof Line>;

/** The broker stamps its own time on what is published, so the first one travels in a property of this name. */
export const publishedProperty = 'noodlebox-published';

export function lineOf({ payload, key, properties = {}, eventTime, publishTime }: RawMessage): Line {
  const { [publishedProperty]: first, ...own } = properties;
  const time = timeOf(eventTime);
  return {
    payload,
    ...(key === undefined ? {} : { key }),
    ...(Object.keys(own).length === 0 ? {} : { properties: Object.fromEntries(Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1))) }),
    ...(time === null ? {} : { eventTime: time }),
    published: first ?? publishTime,
  };
}
