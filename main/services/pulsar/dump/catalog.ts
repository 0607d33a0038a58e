/** What a cluster is made of: tenants, namespaces with their policies, topics with their schemas and settings. */
import { z } from 'zod';
import { NoodleError } from '../../../errors.ts';
import { type Broker, encodedOnce, topicSegments } from '../broker.ts';
import { openCatalog } from '../catalog.ts';
import { parseTopic, partition, type Topic } from '../topic.ts';

const Json = z.record(z.string(), z.unknown());

export const Schema = z.object({ type: z.string(), data: z.string(), properties: z.record(z.string(), z.string()) });
export type Schema = z.infer<typeof Schema>;

export const TopicEntry = z.object({
  topic: z.string(),
  /** 0: none */
  partitions: z.number().int().nonnegative(),
  schemas: z.array(Schema),
  /** Settings of its own, by the last step of their path. */
  policies: Json,
  /** The parts with its messages, one a partition. */
  parts: z.array(z.string()),
});
export type TopicEntry = z.infer<typeof TopicEntry>;

export const Namespace = z.object({ name: z.string(), policies: Json, topics: z.array(TopicEntry) });
export type Namespace = z.infer<typeof Namespace>;

export const Catalog = z.object({ tenants: z.array(z.object({ name: z.string(), settings: Json, namespaces: z.array(Namespace) })) });
export type Catalog = z.infer<typeof Catalog>;
export const catalogPart = 'catalog.json';

/** How far a subscription is, by the order of messages. */
export const Subscription = z.object({
  name: z.string(),
  /** So many from the first on are acknowledged … */
  upTo: z.number().int().nonnegative(),
  /** … and these beyond, by their place from 0. */
  beyond: z.array(z.number().int().nonnegative()),
});
export type Subscription = z.infer<typeof Subscription>;
export const Positions = z.record(z.string(), z.array(Subscription));
export const positionsPart = 'subscriptions.json';

/** The system's own. */
const ownTenants: ReadonlySet<string> = new Set(['pulsar', 'sample']);

/** Settings of a topic that the REST API gives and takes as one body. */
export const topicPolicies = [
  'retention',
  'persistence',
  'publishRate',
  'dispatchRate',
  'delayedDelivery',
  'inactiveTopicPolicies',
  'maxProducers',
  'maxConsumers',
  'maxSubscriptionsPerTopic',
  'maxMessageSize',
  'compactionThreshold',
  'deduplicationEnabled',
] as const;

/** The same of a namespace, by the name they have among its policies. */
export const namespacePolicies: Readonly<Record<string, string>> = {
  retention_policies: 'retention',
  persistence: 'persistence',
  message_ttl_in_seconds: 'messageTTL',
  deduplicationEnabled: 'deduplication',
  compaction_threshold: 'compactionThreshold',
  max_producers_per_topic: 'maxProducersPerTopic',
  max_consumers_per_topic: 'maxConsumersPerTopic',
  max_consumers_per_subscription: 'maxConsumersPerSubscription',
  schema_compatibility_strategy: 'schemaCompatibilityStrategy',
  inactive_topic_policies: 'inactiveTopicPolicies',
  autoTopicCreationOverride: 'autoTopicCreation',
};

export async function readCatalog(broker: Broker, signal: AbortSignal): Promise<Catalog> {
  const catalog = openCatalog(broker);
  const tenants: Catalog['tenants'] = [];
  let part = 0;
  for (const { tenant, namespaces } of await catalog.namespaces(signal)) {
    if (ownTenants.has(tenant)) continue;
    const read: Namespace[] = [];
    for (const name of namespaces) {
      const topics: TopicEntry[] = [];
      for (const { topic, partitions } of await catalog.list(name, signal)) {
        const parsed = parseTopic(topic);
        topics.push({
          topic,
          partitions,
          schemas: await schemasOf(broker, parsed, signal),
          policies: await policiesOf(broker, parsed, signal),
          parts: Array.from({ length: Math.max(1, partitions) }, () => `${String(++part).padStart(6, '0')}.messages`),
        });
      }
      const policies = await broker.get<Record<string, unknown>>(['namespaces', ...name.split('/')], undefined, signal);
      read.push({ name, policies, topics });
    }
    const settings = await broker.get<Record<string, unknown>>(['tenants', tenant], undefined, signal);
    tenants.push({ name: tenant, settings, namespaces: read });
  }
  return { tenants };
}

/** The topics that hold the messages of one, in the order of its parts. */
export function holdersOf({ topic, partitions }: Pick<TopicEntry, 'topic' | 'partitions'>): readonly Topic[] {
  const parsed = parseTopic(topic);
  return partitions === 0 ? [parsed] : Array.from({ length: partitions }, (_, number) => partition(parsed, number));
}

async function schemasOf(broker: Broker, { tenant, namespace, name }: Topic, signal: AbortSignal): Promise<Schema[]> {
  const path = ['schemas', tenant, namespace, encodedOnce(name), 'schemas'];
  const answer = await unlessMissing(broker.get<{ getSchemaResponses: (Schema & { version: number })[] }>(path, undefined, signal));
  return (answer?.getSchemaResponses ?? [])
    .sort((a, b) => a.version - b.version)
    .map(({ type, data, properties }) => ({ type, data, properties: properties ?? {} }));
}

async function policiesOf(broker: Broker, topic: Topic, signal: AbortSignal): Promise<Record<string, unknown>> {
  const found = await Promise.all(
    topicPolicies.map(async (policy) => {
      const value = await unlessMissing(broker.get<unknown>([...topicSegments(topic), policy], undefined, signal));
      return value === undefined || value === null ? [] : [[policy, value] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** What is not there, or what this broker has switched off, is nothing to keep. */
async function unlessMissing<T>(act: Promise<T>): Promise<T | undefined> {
  try {
    return await act;
  } catch (error) {
    if (error instanceof NoodleError && ['not-found', 'bad-argument'].includes(error.code)) return undefined;
    throw error;
  }
}
