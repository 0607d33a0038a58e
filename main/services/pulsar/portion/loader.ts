/** Loads the messages of a bundle into a Pulsar that has none of its topics yet. Their ids and publish times are new ones. */
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { checkedIndex, lineBatches, notAsSaid } from '../../bundle-parts.ts';
import type { Connection } from '../../kind.ts';
import type { PortionLoader } from '../../portion.ts';
import { pulsarAdmin } from '../admin.ts';
import { type Broker, encodedOnce, openBroker, topicSegments } from '../broker.ts';
import { countMessages } from '../count-messages.ts';
import { publishedProperty } from '../dump/message.ts';
import { parseTopic, partition, type Topic } from '../topic.ts';
import { openSender } from '../websocket/sender.ts';
import { Index, type IndexedTopic, shownTopic } from './index-file.ts';
import { Message } from './message.ts';

/** @throws NoodleError archive-damaged, wrong-password, service-unreachable */
export async function openPortionLoader(connection: Connection, service: string, index: unknown): Promise<PortionLoader> {
  const { topics } = checkedIndex(Index, index, service);
  const broker = openBroker(connection);
  let made: Promise<void> | undefined;
  return {
    async load(name, content, work) {
      made ??= makeAll(broker, topics, work.signal);
      await made;
      const found = topics.flatMap((topic) => topic.parts.flatMap((part) => (part.part === name ? [{ topic, part }] : [])))[0];
      if (!found) throw notAsSaid(`${service} has no part ${name}`);
      const { topic, part } = found;
      const to = part.partition === null ? parseTopic(topic.topic) : partition(parseTopic(topic.topic), part.partition);
      if (part.messages === 0) return;
      const sender = await openSender(broker, to, true, work.signal);
      try {
        let done = 0;
        for await (const lines of lineBatches(content, `${service}/${name}`)) {
          for (let at = 0; at < lines.length; at += limits.pulsarBatchMessages) {
            const messages = lines.slice(at, at + limits.pulsarBatchMessages).map((line) => parsed(line, `${service}/${name}`));
            work.signal.throwIfAborted();
            // In their order, many on the way at once.
            const sent = await Promise.allSettled(messages.map((message) => sender.send(sendingOf(message))));
            const failed = sent.find((each) => each.status === 'rejected');
            if (failed) throw failed.reason;
            done += messages.length;
            work.progress(done, part.messages, `messages of ${shownTopic(topic.topic)}`);
          }
        }
      } finally {
        await sender.close();
      }
    },
    async finish({ signal }) {
      made ??= makeAll(broker, topics, signal);
      await made;
    },
    async counts(signal) {
      const admin = pulsarAdmin(connection);
      const counts = [];
      for (const { topic, parts } of topics) {
        let rows = 0;
        for (const part of parts) {
          const of = part.partition === null ? parseTopic(topic) : partition(parseTopic(topic), part.partition);
          rows += (await countMessages(admin, of, signal)) ?? 0;
        }
        counts.push({ name: shownTopic(topic), rows });
      }
      return counts;
    },
    close: async () => {},
  };
}

function sendingOf({ key, properties, eventTime, publishTime, payload }: Message) {
  const published: Record<string, string> = publishTime === null ? {} : { [publishedProperty]: new Date(publishTime).toISOString() };
  return {
    payload,
    properties: { ...properties, ...published },
    ...(key === null ? {} : { key }),
    ...(eventTime === null ? {} : { eventTime }),
  };
}

async function makeAll(broker: Broker, topics: readonly IndexedTopic[], signal: AbortSignal): Promise<void> {
  for (const { topic, partitions, schemas } of topics) {
    const name = parseTopic(topic);
    await makeNamespace(broker, name, signal);
    if (partitions > 0) await broker.call({ method: 'PUT', path: [...topicSegments(name), 'partitions'], body: partitions }, signal);
    else await broker.call({ method: 'PUT', path: topicSegments(name) }, signal);
    for (const { type, data, properties } of schemas) {
      const path = ['schemas', name.tenant, name.namespace, encodedOnce(name.name), 'schema'];
      await broker.call({ method: 'POST', path, body: { type, schema: data, properties } }, signal);
    }
  }
}

async function makeNamespace(broker: Broker, { tenant, namespace }: Topic, signal: AbortSignal): Promise<void> {
  const tenants = await broker.get<string[]>(['tenants'], undefined, signal);
  if (!tenants.includes(tenant)) {
    const allowedClusters = await broker.get<string[]>(['clusters'], undefined, signal);
    await broker.call({ method: 'PUT', path: ['tenants', tenant], body: { adminRoles: [], allowedClusters } }, signal);
  }
  const namespaces = await broker.get<string[]>(['namespaces', tenant], undefined, signal);
  if (namespaces.includes(`${tenant}/${namespace}`)) return;
  await broker.call({ method: 'PUT', path: ['namespaces', tenant, namespace], body: {} }, signal);
}

function parsed(line: string, part: string): Message {
  try {
    return Message.parse(JSON.parse(line));
  } catch (error) {
    if (error instanceof NoodleError) throw error;
    throw notAsSaid(`${part} has a line that is no message`);
  }
}
