/** A message as scripts and files get it: one JSON object on one line. */
import { decodeId, idText } from '../message-id.ts';
import { decode } from '../schemas/decode.ts';
import type { Version } from '../schemas/registry.ts';
import { bytesOf, type RawMessage, sizeOf, timeOf } from './raw.ts';

/**
 * `value` for JSON and what a schema decodes to it, `text` for other text, `base64` for bytes. Numbers stand in `value` as
 * they were written. @param extra members put first
 */
export function recordLine(raw: RawMessage, partition: number | null, versions: readonly Version[], extra: object = {}): string {
  const published = timeOf(raw.publishTime) ?? 0;
  const eventTime = timeOf(raw.eventTime);
  const { form, text, schema } = decode(bytesOf(raw), versions, published);
  const head = {
    ...extra,
    id: idText(decodeId(raw.messageId)),
    ...(partition === null ? {} : { partition }),
    key: raw.key ?? null,
    properties: raw.properties ?? {},
    published: new Date(published).toISOString(),
    eventTime: eventTime === null ? null : new Date(eventTime).toISOString(),
    size: sizeOf(raw),
    ...(schema === null ? {} : { schema }),
  };
  const body = form === 'json' ? undefined : form === 'binary' ? { base64: raw.payload } : { text };
  if (body) return JSON.stringify({ ...head, ...body });
  // Strings in JSON hold no line breaks: those that are there stand between its parts.
  return `${JSON.stringify(head).slice(0, -1)},"value":${text.replaceAll(/[\r\n]+/g, ' ')}}`;
}
