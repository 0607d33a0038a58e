/** One topic with its subscriptions, from the broker's statistics. */
import type { SubscriptionFacts, TopicDetail, TopicFigures } from '../../../preload/contract/topics.ts';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { Turnstile } from '../turnstile.ts';
import type { InternalStats, Retention } from './admin.ts';
import { type Broker, mustExist, topicSegments } from './broker.ts';
import type { Catalog } from './catalog.ts';
import { healthOf } from './health.ts';
import { type Topic, topicUrl } from './topic.ts';

interface RawConsumer {
  readonly consumerName?: string;
  readonly address?: string;
  readonly connectedSince?: string;
  readonly msgRateOut: number;
  readonly unackedMessages: number;
  readonly lastAckedTimestamp: number;
  readonly blockedConsumerOnUnackedMsgs: boolean;
}

interface RawSubscription {
  readonly type?: string;
  readonly msgBacklog: number;
  readonly msgRateOut: number;
  readonly messageAckRate: number;
  readonly msgRateRedeliver: number;
  readonly unackedMessages: number;
  readonly earliestMsgPublishTimeInBacklog: number;
  readonly lastAckedTimestamp: number;
  readonly lastConsumedTimestamp: number;
  readonly totalMsgExpired: number;
  readonly blockedSubscriptionOnUnackedMsgs: boolean;
  readonly isDurable: boolean;
  readonly consumers: readonly RawConsumer[];
  readonly subscriptionProperties?: Readonly<Record<string, string>>;
}

export interface RawStats {
  readonly msgRateIn: number;
  readonly msgRateOut: number;
  readonly msgInCounter: number;
  readonly storageSize: number;
  readonly averageMsgSize: number;
  readonly publishers: readonly { readonly producerName?: string; readonly address?: string; readonly msgRateIn: number }[];
  readonly subscriptions: Readonly<Record<string, RawSubscription>>;
}

export function rawStats(broker: Broker, topic: Topic, partitions: number, signal?: AbortSignal): Promise<RawStats> {
  const query = { getPreciseBacklog: 'true', getEarliestTimeInBacklog: 'true' };
  if (partitions > 0) return broker.get([...topicSegments(topic), 'partitioned-stats'], { ...query, perPartition: 'false' }, signal);
  return broker.get([...topicSegments(topic), 'stats'], query, signal);
}

export function figuresOf(stats: RawStats): TopicFigures {
  const durable = Object.values(stats.subscriptions).filter(({ isDurable }) => isDurable);
  return {
    rateIn: stats.msgRateIn,
    rateOut: stats.msgRateOut,
    published: stats.msgInCounter,
    storage: stats.storageSize,
    producers: stats.publishers.length,
    subscriptions: durable.length,
    backlog: Math.max(0, ...durable.map(({ msgBacklog }) => msgBacklog)),
  };
}

/** Figures of many topics; null for those that are gone. */
export async function figuresOfAll(broker: Broker, topics: readonly Topic[], signal?: AbortSignal): Promise<(TopicFigures | null)[]> {
  const room = new Turnstile(limits.topicsAtOnce);
  return Promise.all(
    topics.map(async (topic) => {
      const leave = await room.enter(signal);
      try {
        return figuresOf(await rawStats(broker, topic, await broker.partitions(topic, signal), signal));
      } catch (error) {
        if (error instanceof NoodleError && error.code === 'not-found') return null;
        throw error;
      } finally {
        leave();
      }
    }),
  );
}

export async function detailOf(broker: Broker, catalog: Catalog, topic: Topic, signal?: AbortSignal): Promise<TopicDetail> {
  const partitions = await mustExist(broker, topic, signal);
  const name = topicUrl(topic);
  const [stats, internal, retention, ownRetention, timeToLive, entries] = await Promise.all([
    rawStats(broker, topic, partitions, signal),
    internals(broker, topic, partitions, signal),
    setting<Retention>(broker, topic, 'retention', true, signal),
    setting<Retention>(broker, topic, 'retention', false, signal),
    setting<number>(broker, topic, 'messageTTL', true, signal),
    catalog.list(`${topic.tenant}/${topic.namespace}`, signal),
  ]);
  const ofNamespace = ownRetention
    ? undefined
    : await broker.get<Retention | undefined>(['namespaces', topic.tenant, topic.namespace, 'retention'], undefined, signal);
  const all = Object.entries(stats.subscriptions);
  const deadLetters = new Map(
    entries.flatMap(({ topic: each, deadLetter }) =>
      deadLetter?.kind === 'dead-letter' && deadLetter.origin === name ? [[deadLetter.subscription, each]] : [],
    ),
  );
  return {
    topic: name,
    partitions,
    deadLetter: entries.find((entry) => entry.topic === name)?.deadLetter ?? null,
    figures: figuresOf(stats),
    entries: internal.reduce((sum, { numberOfEntries }) => sum + numberOfEntries, 0),
    ledgers: internal.reduce((sum, { ledgers }) => sum + ledgers.length, 0),
    averageSize: stats.averageMsgSize,
    retention: retention ? { minutes: retention.retentionTimeInMinutes, megabytes: Number(retention.retentionSizeInMB) } : null,
    retentionFrom: ownRetention ? 'topic' : ofNamespace ? 'namespace' : 'broker',
    timeToLive: timeToLive ?? 0,
    producers: stats.publishers
      .slice(0, 200)
      .map(({ producerName, address, msgRateIn }) => ({ name: producerName ?? '', address: address ?? '', rate: msgRateIn })),
    subscriptions: all
      .filter(([, { isDurable }]) => isDurable)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([subscription, raw]) => subscriptionFacts(subscription, raw, stats.msgRateIn, deadLetters.get(subscription) ?? null)),
    readers: all.filter(([, { isDurable }]) => !isDurable).length,
  };
}

function subscriptionFacts(name: string, raw: RawSubscription, rateIn: number, deadLetters: string | null): SubscriptionFacts {
  const consumers = raw.consumers.slice(0, 200).map((consumer) => ({
    name: consumer.consumerName ?? '',
    address: consumer.address ?? '',
    since: stamp(Date.parse(consumer.connectedSince ?? '')),
    rate: consumer.msgRateOut,
    unacknowledged: consumer.unackedMessages,
    lastAcknowledged: stamp(consumer.lastAckedTimestamp),
  }));
  const unacknowledged = Math.max(
    raw.unackedMessages,
    consumers.reduce((sum, consumer) => sum + consumer.unacknowledged, 0),
  );
  const { health, reason } = healthOf(
    {
      backlog: raw.msgBacklog,
      unacknowledged,
      rateOut: raw.msgRateOut,
      rateIn,
      lastAcknowledged: stamp(raw.lastAckedTimestamp),
      blocked:
        raw.blockedSubscriptionOnUnackedMsgs ||
        (raw.consumers.length > 0 && raw.consumers.every((consumer) => consumer.blockedConsumerOnUnackedMsgs)),
      consumers,
    },
    Date.now(),
  );
  return {
    name,
    type: raw.type ?? 'None',
    backlog: raw.msgBacklog,
    rateOut: raw.msgRateOut,
    rateAcknowledged: raw.messageAckRate,
    rateRedelivered: raw.msgRateRedeliver,
    unacknowledged,
    oldest: raw.msgBacklog > 0 ? stamp(raw.earliestMsgPublishTimeInBacklog) : null,
    lastAcknowledged: stamp(raw.lastAckedTimestamp),
    lastConsumed: stamp(raw.lastConsumedTimestamp),
    expired: raw.totalMsgExpired,
    health,
    reason,
    consumers,
    deadLetters,
    properties: { ...raw.subscriptionProperties },
  };
}

async function internals(broker: Broker, topic: Topic, partitions: number, signal?: AbortSignal): Promise<readonly InternalStats[]> {
  if (partitions === 0) return [await broker.get<InternalStats>([...topicSegments(topic), 'internalStats'], undefined, signal)];
  const all = await broker.get<{ partitions: Record<string, InternalStats> }>(
    [...topicSegments(topic), 'partitioned-internalStats'],
    undefined,
    signal,
  );
  return Object.values(all.partitions);
}

/** Undefined where nothing is set, and where the broker keeps no policies of topics. */
async function setting<T>(broker: Broker, topic: Topic, name: string, applied: boolean, signal?: AbortSignal): Promise<T | undefined> {
  try {
    return (await broker.get<T | undefined>([...topicSegments(topic), name], { applied: String(applied) }, signal)) ?? undefined;
  } catch (error) {
    if (error instanceof NoodleError && ['not-found', 'bad-argument', 'query-failed'].includes(error.code)) return undefined;
    throw error;
  }
}

/** 0 and what is before it stand for never. */
function stamp(time: number): number | null {
  return Number.isFinite(time) && time > 0 ? time : null;
}
