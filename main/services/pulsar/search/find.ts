/** A topic looked through for ids by its entries. Only messages that hold one are made of them. */
import { limits } from '../../../limits.ts';
import type { Broker, TopicPart } from '../broker.ts';
import { encodeId } from '../message-id.ts';
import type { Version } from '../schemas/registry.ts';
import { internalStats } from '../tail/ends.ts';
import { readMessage } from '../tail/message.ts';
import type { RawMessage } from '../tail/raw.ts';
import type { Topic } from '../topic.ts';
import { batchedMessages } from '../wire/batch.ts';
import { type Entry, entriesOf, sendsEntries } from './entries.ts';

/** Looks for ids in bytes. */
export interface IdFinder {
  isIn(bytes: Buffer): boolean;
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** Each other id is looked for by itself. */
const othersMost = 50;

/** @returns undefined where ids cannot be found without understanding what is written */
export function idFinder(ids: ReadonlySet<string>, versions: readonly Version[]): IdFinder | undefined {
  const others = [...ids].filter((id) => id.length !== 36 || id.replace(uuid, '') !== '');
  const plain = others.every((id) => /^[\w.@:+-]+$/.test(id));
  if (others.length > othersMost || !plain || versions.some(({ codec }) => !codec?.textual)) return undefined;
  const hasUuids = ids.size > others.length;
  return {
    isIn(bytes) {
      if (others.some((id) => bytes.includes(id))) return true;
      if (hasUuids) for (const [found] of bytes.toString('latin1').matchAll(uuid)) if (ids.has(found)) return true;
      return false;
    },
  };
}

/** Whether looking through its entries pays: where each is asked for by a call, they have to be large batches. */
export async function findsByEntries(broker: Broker, topic: Topic, signal: AbortSignal): Promise<boolean> {
  if (sendsEntries(broker)) return true;
  const { totalSize, numberOfEntries } = await internalStats(broker, topic, signal);
  return numberOfEntries > 0 && totalSize / numberOfEntries >= limits.bundleEntryBytes;
}

/** Messages that hold an id, in their order. @param onLooked how many messages were looked at */
export async function* messagesWith(
  broker: Broker,
  part: TopicPart,
  finder: IdFinder,
  onLooked: (messages: number) => void,
  signal: AbortSignal,
): AsyncGenerator<RawMessage> {
  for await (const entry of entriesOf(broker, part.topic, signal)) {
    onLooked(entry.messages ?? 1);
    if (entry.messages !== undefined) {
      if (finder.isIn(entry.bytes)) yield* found(entry, entry.messages, part, finder);
      continue;
    }
    // One by itself is read as it is elsewhere, once it is known to be wanted.
    if (!finder.isIn(entry.bytes) && !finder.isIn(entry.told)) continue;
    const id = { ledger: BigInt(entry.position[0]), entry: BigInt(entry.position[1]), partition: -1, batch: -1, batchSize: 0 };
    yield await readMessage(broker, part.topic, id, signal);
  }
}

function* found({ position, bytes, published }: Entry, count: number, { partition }: TopicPart, finder: IdFinder): Generator<RawMessage> {
  const [ledger, entry] = position.map(BigInt) as [bigint, bigint];
  for (const { index, key, properties, eventTime, payload, bytes: all } of batchedMessages(bytes, count)) {
    if (!finder.isIn(all)) continue;
    yield {
      messageId: encodeId({ ledger, entry, partition: partition ?? -1, batch: index }),
      payload: payload.toString('base64'),
      properties,
      publishTime: published,
      eventTime: eventTime === 0 ? undefined : new Date(eventTime).toISOString(),
      key,
    };
  }
}
