/** Everything that changes topics and subscriptions: what is previewed is what is sent. */
import type { ActPreview, TopicAct } from '../../../preload/contract/topics.ts';
import { NoodleError } from '../../errors.ts';
import { type Broker, mustExist, type Request, subscriptionSegments, topicSegments } from './broker.ts';
import { rawStats } from './detail.ts';
import { parseId } from './message-id.ts';
import { parseTopic, segments, type Topic, topicUrl } from './topic.ts';

type Place = Extract<TopicAct, { kind: 'seek' }>['to'];

/** The calls of an act. @param partitions of its topic @throws NoodleError bad-argument for what partitioned topics cannot */
export function requestsOf(act: TopicAct, partitions: number): readonly Request[] {
  const topic = parseTopic(act.topic);
  const path = topicSegments(topic);
  switch (act.kind) {
    case 'create-topic':
      return act.partitions > 0 ? [{ method: 'PUT', path: [...path, 'partitions'], body: act.partitions }] : [{ method: 'PUT', path }];
    case 'delete-topic':
      return [{ method: 'DELETE', path: partitions > 0 ? [...path, 'partitions'] : path, query: { force: 'true' } }];
    case 'set-retention':
      if (act.retention === null) return [{ method: 'DELETE', path: [...path, 'retention'] }];
      return [
        {
          method: 'POST',
          path: [...path, 'retention'],
          body: { retentionTimeInMinutes: act.retention.minutes, retentionSizeInMB: act.retention.megabytes },
        },
      ];
    case 'create-subscription':
      return createSubscription(subscriptionSegments(topic, act.subscription), act.from, partitions);
    case 'delete-subscription':
      return [{ method: 'DELETE', path: subscriptionSegments(topic, act.subscription), query: { force: 'true' } }];
    case 'seek':
      return [seek(subscriptionSegments(topic, act.subscription), act.to, partitions)];
    case 'skip':
      if (act.count === null) return [{ method: 'POST', path: [...subscriptionSegments(topic, act.subscription), 'skip_all'] }];
      if (partitions > 0) throw onAPartition('Messages are skipped');
      return [{ method: 'POST', path: [...subscriptionSegments(topic, act.subscription), 'skip', String(act.count)] }];
    case 'expire':
      return [{ method: 'POST', path: [...subscriptionSegments(topic, act.subscription), 'expireMessages', String(act.seconds)] }];
  }
}

const positions = {
  earliest: { ledgerId: -1, entryId: -1, partitionIndex: -1 },
  latest: { ledgerId: '9223372036854775807', entryId: '9223372036854775807', partitionIndex: -1 },
} as const;

function createSubscription(path: string[], from: Place, partitions: number): Request[] {
  if (from === 'earliest' || from === 'latest') return [{ method: 'PUT', path, body: positions[from] }];
  // Made where nothing is missed, then moved.
  return [{ method: 'PUT', path, body: positions.earliest }, seek(path, from, partitions)];
}

function seek(path: string[], to: Place, partitions: number): Request {
  if (to === 'earliest') return { method: 'POST', path: [...path, 'resetcursor', '0'] };
  if (to === 'latest') return { method: 'POST', path: [...path, 'skip_all'] };
  if ('time' in to) return { method: 'POST', path: [...path, 'resetcursor', String(Math.floor(to.time))] };
  if (partitions > 0) throw onAPartition('A subscription is moved to a message id');
  const { ledger, entry, partition, batch } = parseId(to.id);
  // As text: a ledger's number may be beyond what JSON's readers keep exact.
  const body = {
    ledgerId: String(ledger),
    entryId: String(entry),
    partitionIndex: partition,
    ...(batch >= 0 ? { batchIndex: batch } : {}),
  };
  return { method: 'POST', path: [...path, 'resetcursor'], body };
}

function onAPartition(what: string): NoodleError {
  return new NoodleError({
    code: 'bad-argument',
    what: `${what} on one partition at a time.`,
    why: 'The topic is partitioned, and the broker does it for all partitions only by time, or for all messages.',
    todo: 'Choose a partition, or a time.',
  });
}

/** What an act does and what it loses, asked of the broker as it is now. */
export async function previewOf(broker: Broker, act: TopicAct, signal?: AbortSignal): Promise<ActPreview> {
  const topic = parseTopic(act.topic);
  const partitions = act.kind === 'create-topic' ? act.partitions : await mustExist(broker, topic, signal);
  const requests = requestsOf(act, partitions);
  return { ...(await wordsOf(broker, act, topic, partitions, signal)), statements: requests.map(written).join('\n') };
}

async function wordsOf(
  broker: Broker,
  act: TopicAct,
  topic: Topic,
  partitions: number,
  signal?: AbortSignal,
): Promise<Omit<ActPreview, 'statements'>> {
  if (act.kind === 'create-topic') return { button: 'Create topic', losses: [] };
  if (act.kind === 'create-subscription') return { button: `Create subscription ${act.subscription}`, losses: [] };
  if (act.kind === 'set-retention') {
    return {
      button: act.retention ? 'Set retention' : 'Use the retention of the namespace',
      losses: ['Acknowledged messages that are older, or more, than the retention allows are deleted by the broker from then on.'],
    };
  }
  const stats = await rawStats(broker, topic, partitions, signal);
  if (act.kind === 'delete-topic') {
    const durable = Object.entries(stats.subscriptions).filter(([, { isDurable }]) => isDurable);
    return {
      button: `Delete topic ${topic.name}`,
      losses: [
        `All messages of ${topicUrl(topic)}: ${count(stats.storageSize, 'byte')}.`,
        ...durable.map(([name, { msgBacklog }]) => `The subscription ${name}, with ${count(msgBacklog, 'message')} that wait in it.`),
        ...(stats.publishers.length > 0 ? [`${count(stats.publishers.length, 'producer')} will be cut off.`] : []),
      ],
    };
  }
  const subscription = stats.subscriptions[act.subscription];
  if (!subscription) throw new NoodleError({ code: 'not-found', what: `${topicUrl(topic)} has no subscription ${act.subscription}.` });
  const waiting = subscription.msgBacklog;
  const cutOff = subscription.consumers.length > 0 ? [`${count(subscription.consumers.length, 'consumer')} will be cut off.`] : [];
  switch (act.kind) {
    case 'delete-subscription':
      return {
        button: `Delete subscription ${act.subscription}`,
        losses: [`How far ${act.subscription} is; ${count(waiting, 'message')} that wait in it will not reach its consumers.`, ...cutOff],
      };
    case 'skip': {
      const skipped = Math.min(act.count ?? waiting, waiting);
      return {
        button: `Skip ${count(skipped, 'message')}`,
        losses: [
          `${count(skipped, 'message')} of the ${count(waiting, 'message')} that wait will not reach the consumers of ${act.subscription}.`,
        ],
      };
    }
    case 'expire':
      return {
        button: `Expire messages older than ${count(act.seconds, 'second')}`,
        losses: [
          `Of the ${count(waiting, 'message')} that wait, those older than ${count(act.seconds, 'second')} will not reach the consumers of ${act.subscription}.`,
        ],
      };
    case 'seek':
      return {
        button: `Move ${act.subscription}`,
        losses: [
          act.to === 'latest'
            ? `All ${count(waiting, 'message')} that wait will not reach the consumers of ${act.subscription}.`
            : `Moved back, messages come again that were acknowledged; moved on, messages that wait (${count(waiting, 'message')} now) are passed over.`,
          ...cutOff,
        ],
      };
  }
}

/** As it goes over the wire; the token is no part of it. */
function written({ method, path, query, body }: Request): string {
  const search = query ? `?${new URLSearchParams(query)}` : '';
  return `${method} /admin/v2/${segments(path)}${search}${body === undefined ? '' : `\n${JSON.stringify(body)}`}`;
}

export async function perform(broker: Broker, act: TopicAct, signal?: AbortSignal): Promise<void> {
  const topic = parseTopic(act.topic);
  const partitions = act.kind === 'create-topic' ? act.partitions : await mustExist(broker, topic, signal);
  for (const request of requestsOf(act, partitions)) await broker.call(request, signal);
}

function count(n: number, thing: string): string {
  return `${n.toLocaleString('en-US')} ${thing}${n === 1 ? '' : 's'}`;
}
