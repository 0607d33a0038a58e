/** Messages read by readers, which move no subscription; how far subscriptions are, by the order of messages. */
import { UnorderedChecksum } from '../../checksum.ts';
import { inChunks, jsonPart } from '../../dump-parts.ts';
import type { DumpCount, DumpFacts, DumpPlace, PutPart } from '../../dumper.ts';
import { type Acknowledged, acknowledgedBy } from '../acknowledged.ts';
import { type Broker, openBroker, topicSegments } from '../broker.ts';
import { decodeId } from '../message-id.ts';
import { internalStats } from '../tail/ends.ts';
import { readStretch } from '../tail/message.ts';
import { type Topic, topicUrl } from '../topic.ts';
import { catalogPart, holdersOf, positionsPart, readCatalog, type Subscription } from './catalog.ts';
import { lineOf } from './message.ts';

export async function counts({ connection }: DumpPlace, signal: AbortSignal): Promise<readonly DumpCount[]> {
  const broker = openBroker(connection);
  const { tenants } = await readCatalog(broker, signal);
  const topics = tenants.flatMap(({ namespaces }) => namespaces.flatMap((namespace) => namespace.topics)).flatMap(holdersOf);
  const all: DumpCount[] = [];
  // Entries: of what was sent in batches, fewer than there are messages.
  for (const topic of topics)
    all.push({ name: topicUrl(topic), count: (await internalStats(broker, topic, signal)).numberOfEntries, checksum: null });
  return all;
}

export async function dump({ connection }: DumpPlace, put: PutPart, signal: AbortSignal): Promise<DumpFacts> {
  const broker = openBroker(connection);
  const catalog = await readCatalog(broker, signal);
  await put(catalogPart, jsonPart(catalog));
  const counts: DumpCount[] = [];
  const positions: Record<string, Subscription[]> = {};
  for (const entry of catalog.tenants.flatMap(({ namespaces }) => namespaces.flatMap(({ topics }) => topics))) {
    for (const [at, topic] of holdersOf(entry).entries()) {
      const name = topicUrl(topic);
      const subscriptions = await readersOf(broker, topic, signal);
      const checksum = new UnorderedChecksum();
      let count = 0;
      const lines = async function* () {
        for await (const raw of readStretch(broker, topic, 'earliest', signal)) {
          const line = JSON.stringify(lineOf(raw));
          checksum.add(String(count), line);
          for (const subscription of subscriptions) subscription.see(count, raw.messageId);
          count++;
          yield `${line}\n`;
        }
      };
      await put(entry.parts[at]!, inChunks(lines()));
      positions[name] = subscriptions.map((subscription) => subscription.told());
      counts.push({ name, count, checksum: checksum.toString() });
      counts.push(
        ...positions[name].map(({ name: of, upTo, beyond }) => ({
          name: `${name} read by ${of}`,
          count: upTo + beyond.length,
          checksum: null,
        })),
      );
    }
  }
  await put(positionsPart, jsonPart(positions));
  return {
    counts,
    notes: [
      'Message ids cannot be kept: a broker gives its own. Subscriptions come back to where they were by the order of messages.',
      'The broker stamps its own publish time on what is restored; the first one is kept in the property noodlebox-published.',
      'Messages that the broker has let go already are not there, and topics that are not persistent are not kept.',
    ],
  };
}

/** Durable subscriptions of a topic that holds messages. */
async function readersOf(broker: Broker, topic: Topic, signal: AbortSignal): Promise<Reader[]> {
  const [stats, internal] = await Promise.all([
    broker.get<{ subscriptions: Readonly<Record<string, { readonly isDurable?: boolean }>> }>(
      [...topicSegments(topic), 'stats'],
      undefined,
      signal,
    ),
    internalStats(broker, topic, signal),
  ]);
  return Object.entries(stats.subscriptions).flatMap(([name, { isDurable }]) => {
    const acknowledged = isDurable === false || name.startsWith('__') ? undefined : acknowledgedBy(internal, name);
    return acknowledged ? [new Reader(name, acknowledged)] : [];
  });
}

class Reader {
  readonly #name: string;
  readonly #acknowledged: Acknowledged;
  #upTo = 0;
  readonly #beyond: number[] = [];

  constructor(name: string, acknowledged: Acknowledged) {
    this.#name = name;
    this.#acknowledged = acknowledged;
  }

  see(place: number, messageId: string): void {
    if (!this.#acknowledged.has(decodeId(messageId))) return;
    if (place === this.#upTo) this.#upTo++;
    else this.#beyond.push(place);
  }

  told(): Subscription {
    return { name: this.#name, upTo: this.#upTo, beyond: this.#beyond };
  }
}
