/** The broker's REST API, as far as the stack needs it: https://pulsar.apache.org/admin-rest-api/?version=4.0.7 */
import { connecting } from '../connect.ts';
import type { Connection } from '../kind.ts';
import { classify, PulsarHttpError } from './errors.ts';
import { type CallOptions, fetchPulsar } from './http.ts';
import { segments, type Topic } from './topic.ts';

export interface Retention {
  readonly retentionTimeInMinutes: number;
  readonly retentionSizeInMB: number;
}

/** What is watched of a topic; the broker tells more. Sizes are in bytes, rates a second. */
export interface TopicStats {
  readonly msgRateIn: number;
  readonly msgRateOut: number;
  readonly msgInCounter: number;
  readonly msgOutCounter: number;
  readonly storageSize: number;
  readonly backlogSize: number;
  readonly publishers: readonly unknown[];
  readonly subscriptions: Readonly<
    Record<string, { readonly msgBacklog: number; readonly type?: string; readonly consumers: readonly unknown[] }>
  >;
}

export interface InternalStats {
  readonly entriesAddedCounter: number;
  readonly numberOfEntries: number;
  readonly totalSize: number;
  /** Entries of the ledger that is being written. */
  readonly currentLedgerEntries: number;
  readonly lastConfirmedEntry: string;
  readonly ledgers: readonly { readonly ledgerId: number; readonly entries: number; readonly size: number }[];
  readonly cursors: Readonly<Record<string, Cursor>>;
}

/** How far a subscription is. */
export interface Cursor {
  /** `ledger:entry`: everything up to it is acknowledged. */
  readonly markDeletePosition: string;
  /** Acknowledged beyond it, as ranges: `[(8:3..8:5],(8:7..8:9]]`, without their beginnings and with their ends. */
  readonly individuallyDeletedMessages: string;
}

/** One entry of a topic: a message, or a batch of them. */
export interface PeekedEntry {
  readonly data: Buffer;
  /** Messages in it; undefined when it is not a batch. */
  readonly batchSize: number | undefined;
  readonly properties: Readonly<Record<string, string>>;
  readonly publishedAt: string | undefined;
}

export interface PulsarAdmin {
  /** Any other call. @returns the JSON answered, undefined for none */
  call<T>(method: string, path: readonly string[], options?: CallOptions): Promise<T>;
  /** The broker's version. */
  version(signal?: AbortSignal): Promise<string>;
  tenants(signal?: AbortSignal): Promise<readonly string[]>;
  /** `tenant/namespace` */
  namespaces(tenant: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** `persistent://tenant/namespace/name` */
  topics(tenant: string, namespace: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Makes a topic of one partition; one that is there already is left as it is. */
  createTopic(topic: Topic, signal?: AbortSignal): Promise<void>;
  /** With all its messages and subscriptions. One that is not there is no error. */
  deleteTopic(topic: Topic, signal?: AbortSignal): Promise<void>;
  stats(topic: Topic, signal?: AbortSignal): Promise<TopicStats>;
  internalStats(topic: Topic, signal?: AbortSignal): Promise<InternalStats>;
  policies(tenant: string, namespace: string, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  setNamespaceRetention(tenant: string, namespace: string, retention: Retention, signal?: AbortSignal): Promise<void>;
  /** The topic's own; undefined when its namespace's applies. */
  topicRetention(topic: Topic, signal?: AbortSignal): Promise<Retention | undefined>;
  setTopicRetention(topic: Topic, retention: Retention, signal?: AbortSignal): Promise<void>;
  /** One that is there already is left where it stands. */
  createSubscription(topic: Topic, subscription: string, from: 'earliest' | 'latest', signal?: AbortSignal): Promise<void>;
  deleteSubscription(topic: Topic, subscription: string, signal?: AbortSignal): Promise<void>;
  /** Moves it to the first message published at or after the time. */
  resetSubscription(topic: Topic, subscription: string, to: Date, signal?: AbortSignal): Promise<void>;
  /** The nth entry (from 1) that the subscription has not acknowledged, without taking it; undefined past the last one. */
  peek(topic: Topic, subscription: string, position: number, signal?: AbortSignal): Promise<PeekedEntry | undefined>;
}

export function pulsarAdmin(connection: Connection): PulsarAdmin {
  const send = (method: string, path: readonly string[], options: CallOptions = {}) =>
    connecting(() => fetchPulsar(connection, method, ['admin', 'v2', ...path], options), connection, classify, options.signal);

  async function call<T>(method: string, path: readonly string[], options?: CallOptions): Promise<T> {
    const text = await (await send(method, path, options)).text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  return {
    call,
    version: async (signal) => (await send('GET', ['brokers', 'version'], { signal })).text(),
    tenants: (signal) => call('GET', ['tenants'], { signal }),
    namespaces: (tenant, signal) => call('GET', ['namespaces', tenant], { signal }),
    topics: (tenant, namespace, signal) => call('GET', ['persistent', tenant, namespace], { signal }),
    createTopic: (topic, signal) => unless(409, call('PUT', of(topic), { signal })),
    deleteTopic: (topic, signal) => unless(404, call('DELETE', of(topic), { query: { force: 'true' }, signal })),
    stats: (topic, signal) => call('GET', [...of(topic), 'stats'], { query: { getPreciseBacklog: 'true' }, signal }),
    internalStats: (topic, signal) => call('GET', [...of(topic), 'internalStats'], { signal }),
    policies: (tenant, namespace, signal) => call('GET', ['namespaces', tenant, namespace], { signal }),
    setNamespaceRetention: (tenant, namespace, retention, signal) =>
      call('POST', ['namespaces', tenant, namespace, 'retention'], { body: retention, signal }),
    topicRetention: (topic, signal) => call('GET', [...of(topic), 'retention'], { signal }),
    setTopicRetention: (topic, retention, signal) => call('POST', [...of(topic), 'retention'], { body: retention, signal }),
    createSubscription: (topic, subscription, from, signal) =>
      unless(409, call('PUT', [...of(topic), 'subscription', segments([subscription])], { body: positions[from], signal })),
    deleteSubscription: (topic, subscription, signal) =>
      unless(404, call('DELETE', [...of(topic), 'subscription', segments([subscription])], { query: { force: 'true' }, signal })),
    resetSubscription: (topic, subscription, to, signal) =>
      call('POST', [...of(topic), 'subscription', segments([subscription]), 'resetcursor', String(to.getTime())], { signal }),
    async peek(topic, subscription, position, signal) {
      try {
        return await peeked(
          await send('GET', [...of(topic), 'subscription', segments([subscription]), 'position', String(position)], { signal }),
        );
      } catch (error) {
        // 404 when all is acknowledged, 500 "message not found" or 412 for a position past the end.
        if (error instanceof PulsarHttpError && [404, 412].includes(error.status)) return undefined;
        throw error;
      }
    },
  };
}

/** The message ids that Pulsar's MessageId.earliest and .latest stand for. */
const positions = {
  earliest: { ledgerId: -1, entryId: -1, partitionIndex: -1 },
  latest: { ledgerId: '9223372036854775807', entryId: '9223372036854775807', partitionIndex: -1 },
} as const;

function of(topic: Topic): readonly string[] {
  return ['persistent', topic.tenant, topic.namespace, topic.name];
}

async function unless(status: number, act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!(error instanceof PulsarHttpError) || error.status !== status) throw error;
  }
}

async function peeked(answer: Response): Promise<PeekedEntry> {
  const batchSize = answer.headers.get('x-pulsar-num-batch-message');
  const properties: Record<string, string> = {};
  for (const [name, value] of answer.headers) {
    if (name.startsWith('x-pulsar-property-')) properties[name.slice('x-pulsar-property-'.length)] = value;
  }
  return {
    data: Buffer.from(await answer.arrayBuffer()),
    batchSize: batchSize === null ? undefined : Number(batchSize),
    properties,
    publishedAt: answer.headers.get('x-pulsar-publish-time') ?? undefined,
  };
}
