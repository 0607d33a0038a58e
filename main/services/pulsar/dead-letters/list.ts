/** Topics that take dead letters, and what lies in them. */
import type { DeadLetter, DeadLetterOf, DeadLetterTopic } from '../../../../preload/contract/topics.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { Turnstile } from '../../turnstile.ts';
import { type Acknowledged, acknowledgedBy } from '../acknowledged.ts';
import { type Broker, mustExist, type TopicPart, topicSegments } from '../broker.ts';
import type { Catalog } from '../catalog.ts';
import { rawStats } from '../detail.ts';
import { afterEntry, decodeId, idText, type MessageId } from '../message-id.ts';
import type { Registry } from '../schemas/registry.ts';
import { entriesBack, internalStats } from '../tail/ends.ts';
import { readStretch } from '../tail/message.ts';
import type { RawMessage } from '../tail/raw.ts';
import { rowOf } from '../tail/row.ts';
import { parseTopic, type Topic, topicUrl } from '../topic.ts';
import { originOf, reasonOf } from './naming.ts';

/** The subscription by which redriven messages are acknowledged; what it has not acknowledged waits. */
export const redriveSubscription = 'noodlebox-redrive';
/** Its property while a redrive is at work, or was interrupted: when that began, ms since the epoch. */
export const sinceProperty = 'redrive-since';

/** Those named as Pulsar's clients name them, and those whose first message says that it is one. */
export async function deadLetterTopics(broker: Broker, catalog: Catalog, signal: AbortSignal): Promise<DeadLetterTopic[]> {
  const entries = await catalog.all(signal);
  const room = new Turnstile(limits.topicsAtOnce);
  const found = await Promise.all(
    entries.map(async ({ topic, partitions, deadLetter }) => {
      const leave = await room.enter(signal);
      try {
        const of = deadLetter ?? (partitions === 0 ? await saidByFirst(broker, parseTopic(topic), signal) : null);
        return of && (await described(broker, topic, partitions, of, signal));
      } catch (error) {
        if (error instanceof NoodleError && error.code === 'not-found') return null;
        throw error;
      } finally {
        leave();
      }
    }),
  );
  return found.filter((each) => each !== null);
}

async function saidByFirst(broker: Broker, topic: Topic, signal: AbortSignal): Promise<DeadLetterOf | null> {
  const properties = (await examined(broker, topic, 'earliest', signal))?.properties;
  if (!properties?.REAL_TOPIC || !(properties.ORIGIN_MESSAGE_ID || properties.ORIGIN_MESSAGE_IDY_TIME)) return null;
  return { kind: 'dead-letter', origin: properties.REAL_TOPIC, subscription: properties.REAL_SUBSCRIPTION ?? '' };
}

/** The first or last message, of which only the headers are looked at; undefined for an empty topic. */
async function examined(broker: Broker, topic: Topic, from: 'earliest' | 'latest', signal: AbortSignal) {
  try {
    const path = [...topicSegments(topic), 'examinemessage'];
    const answer = await broker.fetch({ method: 'GET', path, query: { initialPosition: from, messagePosition: '1' } }, signal);
    await answer.body?.cancel();
    const properties = JSON.parse(answer.headers.get('x-pulsar-property') ?? '{}') as Record<string, string>;
    return { properties, published: Date.parse(answer.headers.get('x-pulsar-publish-time') ?? '') };
  } catch (error) {
    if (error instanceof NoodleError && error.code !== 'service-unreachable') return undefined;
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function described(
  broker: Broker,
  topic: string,
  partitions: number,
  of: DeadLetterOf,
  signal: AbortSignal,
): Promise<DeadLetterTopic> {
  const parsed = parseTopic(topic);
  const { subscriptions } = await rawStats(broker, parsed, partitions, signal);
  const ours = subscriptions[redriveSubscription];
  const kept = async () => {
    const parts = await broker.parts(parsed, signal);
    const stats = await Promise.all(parts.map((part) => internalStats(broker, part.topic, signal)));
    return stats.reduce((sum, { numberOfEntries }) => sum + numberOfEntries, 0);
  };
  const newest = partitions === 0 ? (await examined(broker, parsed, 'latest', signal))?.published : undefined;
  return {
    ...of,
    topic,
    waiting: ours ? ours.msgBacklog : await kept(),
    newest: newest === undefined || Number.isNaN(newest) ? null : newest,
    interrupted: ours?.subscriptionProperties?.[sinceProperty] !== undefined,
  };
}

/** A dead letter as it lies in its topic. */
export interface Lying {
  readonly raw: RawMessage;
  readonly id: MessageId;
  readonly part: TopicPart;
  readonly redriven: boolean;
}

/** Oldest first. @param most of each partition, counted from the end */
export async function* lying(broker: Broker, topic: Topic, most: number, signal: AbortSignal): AsyncGenerator<Lying> {
  for (const part of await broker.parts(topic, signal)) {
    const stats = await internalStats(broker, part.topic, signal);
    const acknowledged: Acknowledged | undefined = acknowledgedBy(stats, redriveSubscription);
    const after = stats.numberOfEntries > most ? afterEntry(entriesBack(stats, most)) : 'earliest';
    for await (const raw of readStretch(broker, part.topic, after, signal)) {
      const id = decodeId(raw.messageId);
      yield { raw, id, part, redriven: acknowledged?.has(id) ?? false };
    }
  }
}

/** Newest first, at most `limits.topicsDeadLetters`. */
export async function deadLetters(
  broker: Broker,
  catalog: Catalog,
  registry: Registry,
  topic: Topic,
  signal: AbortSignal,
): Promise<{ messages: DeadLetter[]; cut: boolean; waiting: number }> {
  await mustExist(broker, topic, signal);
  const versions = await registry.versions(topic, signal);
  const named =
    (await catalog.list(`${topic.tenant}/${topic.namespace}`, signal)).find((entry) => entry.topic === topicUrl(topic))?.deadLetter ?? null;
  const messages: DeadLetter[] = [];
  let cut = false;
  for await (const { raw, id, part, redriven } of lying(broker, topic, limits.topicsDeadLetters, signal)) {
    const { key, published, size, text, form } = rowOf(raw, part.partition, 0, versions);
    const properties = raw.properties ?? {};
    messages.push({
      id: idText(id),
      key,
      published,
      size,
      text,
      form,
      redriven,
      reason: reasonOf(properties),
      ...originOf(properties, named),
    });
    if (messages.length > limits.topicsDeadLetters) {
      messages.shift();
      cut = true;
    }
  }
  return { messages: messages.reverse(), cut, waiting: messages.filter(({ redriven }) => !redriven).length };
}
