/** Messages of all topics, by their ids, and where subscriptions stand. Read by readers, which leave no mark. */
import { createHash } from 'node:crypto';
import { limits } from '../../limits.ts';
import { type ContentItem, type StoreContent, shownText } from '../content.ts';
import type { Connection } from '../kind.ts';
import { type Broker, openBroker } from './broker.ts';
import { openCatalog } from './catalog.ts';
import { openPulsar, type PulsarClient } from './client.ts';
import { decodeId, idText } from './message-id.ts';
import { internalStats, lastId } from './tail/ends.ts';
import { parseTopic, type Topic, topicUrl } from './topic.ts';

const subscriptions = '(subscriptions)';

/** @throws NoodleError wrong-password, service-unreachable */
export async function openContent(connection: Connection): Promise<StoreContent> {
  const client = await openPulsar(connection);
  const broker = openBroker(connection);
  const topics = async (signal: AbortSignal): Promise<Topic[]> => {
    const all = await openCatalog(broker).all(signal);
    const parts = await Promise.all(all.map(({ topic }) => broker.parts(parseTopic(topic), signal)));
    return parts.flat().map(({ topic }) => topic);
  };
  return {
    item: 'message',
    notes: ['Policies, schemas and permissions are not compared; of a batch each message is one.'],
    async parts(signal) {
      const all = await topics(signal);
      const counted = await Promise.all(
        all.map(async (topic) => {
          const { numberOfEntries } = await internalStats(broker, topic, signal);
          return { name: topicUrl(topic), items: numberOfEntries, digest: null };
        }),
      );
      const cursors = await cursorsOf(broker, all, signal);
      return [{ name: subscriptions, items: cursors.length, digest: null }, ...counted];
    },
    async *items(part, signal) {
      if (part === subscriptions) yield await cursorsOf(broker, await topics(signal), signal);
      else yield* messagesOf(client, broker, parseTopic(part), signal);
    },
    close: () => client.close(),
  };
}

/** Up to the message that is the last one now. */
async function* messagesOf(client: PulsarClient, broker: Broker, topic: Topic, signal: AbortSignal): AsyncIterable<readonly ContentItem[]> {
  const { numberOfEntries } = await internalStats(broker, topic, signal);
  if (numberOfEntries === 0) return;
  const last = await lastId(broker, topic, signal);
  const reader = await client.messages.reader(topic, 'earliest', signal);
  try {
    let batch: ContentItem[] = [];
    for (;;) {
      const { id, data, key, properties, publishedAt } = await reader.receive(
        AbortSignal.any([signal, AbortSignal.timeout(limits.connectTimeout)]),
      );
      const at = decodeId(id);
      const named = JSON.stringify([key ?? null, Object.entries(properties).sort(), publishedAt]);
      batch.push({
        key: idText({ ...at, partition: -1 }),
        digest: createHash('sha256').update(named).update(data).digest('hex'),
        text: shownText(data.toString('utf8'), limits.diffText),
      });
      const past = at.ledger > last.ledger || (at.ledger === last.ledger && at.entry > last.entry);
      const end = at.ledger === last.ledger && at.entry === last.entry && at.batch >= last.batch;
      if (past || end) break;
      if (batch.length < limits.fetchSize) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  } finally {
    await reader.close();
  }
}

async function cursorsOf(broker: Broker, topics: readonly Topic[], signal: AbortSignal): Promise<ContentItem[]> {
  const all = await Promise.all(
    topics.map(async (topic) => {
      const { cursors } = await internalStats(broker, topic, signal);
      return Object.entries(cursors)
        .filter(([name]) => !name.startsWith('noodlebox-') && !name.startsWith('reader-'))
        .map(([name, { markDeletePosition, individuallyDeletedMessages }]) => {
          const text = `${markDeletePosition} ${individuallyDeletedMessages}`;
          return { key: `${topicUrl(topic)} ${name}`, digest: text, text: shownText(text, limits.diffText) };
        });
    }),
  );
  return all.flat();
}
