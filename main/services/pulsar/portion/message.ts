/** One message as a bundle holds it, and whether it carries an id. */
import { z } from 'zod';
import { rewriteJson } from '../../json-text.ts';
import type { FieldFilter } from '../../portion.ts';
import { publishedProperty } from '../dump/message.ts';
import { valueIn } from '../schemas/decode.ts';
import type { Version } from '../schemas/registry.ts';
import { bytesOf, type RawMessage, timeOf } from '../tail/raw.ts';

export const Message = z.strictObject({
  key: z.string().nullable(),
  properties: z.record(z.string(), z.string()),
  /** ms since the epoch */
  eventTime: z.number().nullable(),
  /** ms since the epoch. A broker gives its own to what is published: this one travels in a property. */
  publishTime: z.number().nullable(),
  payload: z.base64(),
});
export type Message = z.infer<typeof Message>;

/** One that was restored or imported before tells its first publish time in a property. */
export function messageOf({ key, properties, eventTime, publishTime, payload }: RawMessage): Message {
  const { [publishedProperty]: first, ...own } = properties ?? {};
  return { key: key ?? null, properties: own, eventTime: timeOf(eventTime), publishTime: timeOf(first ?? publishTime), payload };
}

/** As its key, a property, or a whole value in what its payload says; in a text, as a word. */
export function carriesId(raw: RawMessage, ids: ReadonlySet<string>, versions: readonly Version[]): boolean {
  if (raw.key !== undefined && ids.has(raw.key)) return true;
  for (const value of Object.values(raw.properties ?? {})) if (ids.has(value)) return true;
  const bytes = bytesOf(raw);
  const value = valueIn(bytes, versions, timeOf(raw.publishTime) ?? 0);
  if (value !== undefined) return holds(value, ids);
  return bytes.toString('utf8').split(/[^\w.@+-]+/).some((word) => ids.has(word)); // biome-ignore format: one line
}

function holds(value: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return ids.has(value);
  if (typeof value !== 'object' || value === null) return false;
  for (const inner of Object.values(value)) if (holds(inner, ids)) return true;
  return false;
}

/** @returns undefined: it cannot be looked into, and something of its topic is to be masked */
export function filteredMessage(message: Message, place: string, filter: FieldFilter): Message | undefined {
  if (filter.passesAll) return message;
  const payload = filteredPayload(Buffer.from(message.payload, 'base64'), place, filter);
  if (payload === undefined) return undefined;
  const properties = Object.entries(message.properties).map(([name, value]) => [name, filter.value(place, `$properties.${name}`, value)]);
  return {
    ...message,
    key: message.key === null ? null : filter.value(place, '$key', message.key),
    properties: Object.fromEntries(properties.filter(([, value]) => value !== null)),
    payload: payload.toString('base64'),
  };
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function filteredPayload(bytes: Buffer, place: string, filter: FieldFilter): Buffer | undefined {
  const text = textOf(bytes);
  if (text === undefined) return filter.masks(place) ? undefined : bytes;
  const rewritten = rewriteJson(text, (path, value, bare) =>
    filter.value(place, path === '' ? '$payload' : path, value, { bare: bare && path !== '' }),
  );
  return Buffer.from(rewritten ?? filter.value(place, '$payload', text) ?? '');
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
