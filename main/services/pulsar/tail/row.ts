/** Messages as the window lists and shows them. */
import type { MessageRow, WholeMessage } from '../../../../preload/contract/topics.ts';
import { limits } from '../../../limits.ts';
import { decodeId, idText } from '../message-id.ts';
import { decode } from '../schemas/decode.ts';
import type { Version } from '../schemas/registry.ts';
import { bytesOf, type RawMessage, sizeOf, timeOf } from './raw.ts';

/** @param at its place in the list */
export function rowOf(raw: RawMessage, partition: number | null, at: number, versions: readonly Version[]): MessageRow {
  const size = sizeOf(raw);
  const published = timeOf(raw.publishTime) ?? 0;
  const decoded = size > limits.topicsPayloadBytes ? undefined : decode(bytesOf(raw), versions, published);
  return {
    at,
    id: idText(decodeId(raw.messageId)),
    partition,
    key: raw.key === undefined ? null : cut(raw.key),
    published,
    eventTime: timeOf(raw.eventTime),
    size,
    form: decoded?.form ?? 'withheld',
    text: decoded === undefined ? '' : cut(oneLine(decoded.text)),
    properties: cut(
      Object.entries(raw.properties ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join('  '),
    ),
  };
}

/** @param most bytes of the payload that are told */
export function wholeOf(
  raw: RawMessage,
  topic: string,
  partition: number | null,
  versions: readonly Version[],
  most: number,
): WholeMessage {
  const size = sizeOf(raw);
  const published = timeOf(raw.publishTime) ?? 0;
  const bytes = bytesOf(raw);
  const isCut = size > most;
  const shown = isCut ? bytes.subarray(0, most) : bytes;
  // What is cut is no longer of any schema.
  const { form, pretty, schema } = decode(isCut ? wholeCharacters(shown) : shown, isCut ? [] : versions, published);
  return {
    topic,
    id: idText(decodeId(raw.messageId)),
    partition,
    key: raw.key ?? null,
    properties: { ...raw.properties },
    published,
    eventTime: timeOf(raw.eventTime),
    size,
    form,
    text: pretty,
    base64: shown.toString('base64'),
    cut: isCut,
    schema,
  };
}

/** Without the beginning of a UTF-8 character that the cut went through. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= 4 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

function oneLine(text: string): string {
  return text.slice(0, limits.topicsPreviewText * 2).replaceAll(/\s+/g, ' ');
}

function cut(text: string): string {
  return text.length > limits.topicsPreviewText ? `${text.slice(0, limits.topicsPreviewText)}…` : text;
}
