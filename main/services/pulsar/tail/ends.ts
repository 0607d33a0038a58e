/** Where a topic ends, and what stands so many entries before that. */
import type { InternalStats } from '../admin.ts';
import { type Broker, topicSegments } from '../broker.ts';
import type { MessageId } from '../message-id.ts';
import type { Topic } from '../topic.ts';

/** An id as the REST API writes it. */
export interface RestId {
  readonly ledgerId: number;
  readonly entryId: number;
  readonly batchIndex?: number;
}

export async function lastId(broker: Broker, topic: Topic, signal: AbortSignal): Promise<MessageId> {
  return fromRest(await broker.get<RestId>([...topicSegments(topic), 'lastMessageId'], undefined, signal));
}

export function internalStats(broker: Broker, topic: Topic, signal: AbortSignal): Promise<InternalStats> {
  return broker.get([...topicSegments(topic), 'internalStats'], undefined, signal);
}

export function fromRest({ ledgerId, entryId, batchIndex = -1 }: RestId): MessageId {
  return { ledger: BigInt(ledgerId), entry: BigInt(entryId), partition: -1, batch: batchIndex, batchSize: 0 };
}

/** The id after which so many entries of the topic follow; of fewer, that before the first. */
export function entriesBack({ ledgers, currentLedgerEntries, lastConfirmedEntry }: InternalStats, count: number): MessageId {
  const [lastLedger] = lastConfirmedEntry.split(':');
  let rest = count;
  for (const { ledgerId, entries } of ledgers.toReversed()) {
    // The ledger that is being written tells its entries elsewhere.
    const here = entries === 0 && String(ledgerId) === lastLedger ? currentLedgerEntries : entries;
    if (here >= rest) return plain(ledgerId, here - rest - 1);
    rest -= here;
  }
  return plain(ledgers[0]?.ledgerId ?? -1, -1);
}

function plain(ledger: number, entry: number): MessageId {
  return { ledger: BigInt(ledger), entry: BigInt(entry), partition: -1, batch: -1, batchSize: 0 };
}
