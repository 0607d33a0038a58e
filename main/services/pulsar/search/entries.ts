/**
 * A topic's entries as the broker keeps them, whole batches of messages: many times quicker than a message at a time over the
 * WebSocket API. By Pulsar's own protocol where the address of that is known, else by a call of the REST API each.
 */
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { type Broker, topicSegments } from '../broker.ts';
import { internalStats } from '../tail/ends.ts';
import type { Topic } from '../topic.ts';
import { type ReadEntry, readEntries } from '../wire/read.ts';

/** Whether the broker can be asked by its own protocol. */
export function sendsEntries({ connection }: Broker): boolean {
  return connection.url.startsWith('pulsar:');
}

/** All that the topic holds now. */
export async function* entriesOf(broker: Broker, topic: Topic, signal: AbortSignal): AsyncGenerator<Entry> {
  const positions = await positionsOf(broker, topic, signal);
  if (!sendsEntries(broker)) return yield* asked(broker, topic, positions, signal);
  const last = positions.at(-1);
  let passed = 0;
  for await (const read of last ? readEntries(broker.connection, topic, signal) : []) {
    const position: Position = [Number(read.ledger), Number(read.entry)];
    if (compared(position, last!) > 0) break;
    while (passed < positions.length && compared(positions[passed]!, position) <= 0) passed++;
    const entry = read.bytes ? ofRead(position, read, read.bytes) : await entryAt(broker, topic, position, signal);
    if (entry) yield entry;
    if (passed === positions.length) return;
  }
  // What a reader is not given at the end: markers, or what the broker has let go of.
  yield* asked(broker, topic, positions.slice(passed), signal);
}

function ofRead(position: Position, { messages, key, properties, published }: ReadEntry, bytes: Buffer): Entry {
  const told = Buffer.from(`${key ?? ''}\n${JSON.stringify(properties)}`);
  return { position, bytes, messages, told, published: new Date(published).toISOString() };
}

/** Each by a call of the REST API, some of them at once. */
async function* asked(broker: Broker, topic: Topic, positions: readonly Position[], signal: AbortSignal): AsyncGenerator<Entry> {
  const waiting: Promise<Entry | undefined>[] = [];
  for (let at = 0; at < positions.length || waiting.length > 0; ) {
    while (at < positions.length && waiting.length < limits.bundleEntriesAtOnce) {
      const coming = entryAt(broker, topic, positions[at++]!, signal);
      // Told when its turn comes.
      coming.catch(() => {});
      waiting.push(coming);
    }
    const entry = await waiting.shift();
    if (entry) yield entry;
  }
}

function compared([ledger, entry]: Position, [otherLedger, otherEntry]: Position): number {
  return ledger - otherLedger || entry - otherEntry;
}

/** Of an entry. */
type Position = readonly [ledger: number, entry: number];

export interface Entry {
  readonly position: Position;
  readonly bytes: Buffer;
  /** In its batch; undefined: it is none. */
  readonly messages: number | undefined;
  /** Key and properties of one that is no batch. */
  readonly told: Buffer;
  /** ISO 8601 */
  readonly published: string;
}

async function positionsOf(broker: Broker, topic: Topic, signal: AbortSignal): Promise<readonly Position[]> {
  const { ledgers, currentLedgerEntries, lastConfirmedEntry } = await internalStats(broker, topic, signal);
  const [lastLedger, lastEntry] = lastConfirmedEntry.split(':').map(Number) as [number, number];
  return ledgers.flatMap(({ ledgerId, entries }) => {
    // The ledger that is being written tells its entries elsewhere.
    const count = ledgerId === lastLedger ? Math.max(entries, currentLedgerEntries, lastEntry + 1) : entries;
    return Array.from({ length: count }, (_, entry): Position => [ledgerId, entry]);
  });
}

async function entryAt(broker: Broker, topic: Topic, position: Position, signal: AbortSignal): Promise<Entry | undefined> {
  const [ledger, entry] = position;
  try {
    const path = [...topicSegments(topic), 'ledger', String(ledger), 'entry', String(entry)];
    const answer = await broker.fetch({ method: 'GET', path }, signal);
    const messages = answer.headers.get('x-pulsar-num-batch-message');
    return {
      position,
      bytes: Buffer.from(await answer.arrayBuffer()),
      messages: messages === null ? undefined : Number(messages),
      told: Buffer.from(`${answer.headers.get('x-pulsar-partition-key') ?? ''}\n${answer.headers.get('x-pulsar-property') ?? ''}`),
      published: answer.headers.get('x-pulsar-publish-time') ?? '',
    };
  } catch (error) {
    // Retention has let go of it meanwhile, or it is a marker.
    if (error instanceof NoodleError && error.code === 'not-found') return undefined;
    throw error;
  }
}
