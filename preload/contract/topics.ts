/** What the topics (Pulsar) panel asks of the core. Topics are named in full, `persistent://tenant/namespace/name`; times are in ms since the epoch, sizes in bytes, rates a second. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { StreamId, serviceInput } from './common.ts';
import { ProblemData, TaskSummary } from './models.ts';

const TopicName = z.string().min(1).max(1_000);
const SubscriptionName = z.string().min(1).max(1_000);
/** `ledger:entry`, `ledger:entry:partition` or `ledger:entry:partition:batch`; or as Pulsar's WebSocket API writes it, in base64. */
const MessageIdText = z.string().min(1).max(200);
const FilterText = z.string().max(4_000);
const topicInput = serviceInput.extend({ topic: TopicName });
const streamInput = z.object({ stream: StreamId });

/** Where a topic stands that takes what a subscription gave up. */
export const DeadLetterOf = z.object({ kind: z.enum(['dead-letter', 'retry']), origin: z.string(), subscription: z.string() });
export type DeadLetterOf = z.infer<typeof DeadLetterOf>;

export const TopicEntry = z.object({
  topic: z.string(),
  /** 0: not partitioned. */
  partitions: z.number(),
  deadLetter: DeadLetterOf.nullable(),
});
export type TopicEntry = z.infer<typeof TopicEntry>;

export const TopicFigures = z.object({
  rateIn: z.number(),
  rateOut: z.number(),
  /** Messages published since the broker loaded the topic. */
  published: z.number(),
  storage: z.number(),
  producers: z.number(),
  subscriptions: z.number(),
  /** Messages of the subscription that is furthest behind. */
  backlog: z.number(),
});
export type TopicFigures = z.infer<typeof TopicFigures>;

export const ConsumerFacts = z.object({
  name: z.string(),
  address: z.string(),
  since: z.number().nullable(),
  rate: z.number(),
  unacknowledged: z.number(),
  lastAcknowledged: z.number().nullable(),
});
export type ConsumerFacts = z.infer<typeof ConsumerFacts>;

/** `fine`: nothing waits, or it is being worked off. `behind`: worked off, but more comes than goes. `stuck`: consumers hold messages and acknowledge none. `unattended`: a backlog and no consumer. */
export const SubscriptionHealth = z.enum(['fine', 'behind', 'stuck', 'unattended']);
export type SubscriptionHealth = z.infer<typeof SubscriptionHealth>;

export const SubscriptionFacts = z.object({
  name: z.string(),
  /** Exclusive, Shared, Failover, Key_Shared; None while nobody has subscribed. */
  type: z.string(),
  backlog: z.number(),
  rateOut: z.number(),
  rateAcknowledged: z.number(),
  rateRedelivered: z.number(),
  unacknowledged: z.number(),
  /** Publish time of the oldest message that waits. */
  oldest: z.number().nullable(),
  lastAcknowledged: z.number().nullable(),
  lastConsumed: z.number().nullable(),
  expired: z.number(),
  health: SubscriptionHealth,
  /** The health in words. */
  reason: z.string(),
  consumers: z.array(ConsumerFacts),
  /** Where its dead letters are, when there is such a topic. */
  deadLetters: z.string().nullable(),
  properties: z.record(z.string(), z.string()),
});
export type SubscriptionFacts = z.infer<typeof SubscriptionFacts>;

export const Retention = z.object({
  /** Minutes; -1: for ever; 0: nothing that was acknowledged is kept. */
  minutes: z.number().int().min(-1).max(2_000_000_000),
  /** MiB; -1: without bound. */
  megabytes: z.number().int().min(-1).max(2_000_000_000),
});
export type Retention = z.infer<typeof Retention>;

export const TopicDetail = z.object({
  topic: z.string(),
  partitions: z.number(),
  deadLetter: DeadLetterOf.nullable(),
  figures: TopicFigures,
  /** Entries that are kept; an entry is a message or a batch of them. */
  entries: z.number(),
  ledgers: z.number(),
  averageSize: z.number(),
  retention: Retention.nullable(),
  /** Whose retention that is. */
  retentionFrom: z.enum(['topic', 'namespace', 'broker']),
  /** Seconds; 0: messages do not expire. */
  timeToLive: z.number(),
  producers: z.array(z.object({ name: z.string(), address: z.string(), rate: z.number() })),
  subscriptions: z.array(SubscriptionFacts),
  /** Readers that look on now, tails of this window among them. */
  readers: z.number(),
});
export type TopicDetail = z.infer<typeof TopicDetail>;

export const SchemaVersion = z.object({
  version: z.number(),
  /** AVRO, JSON, PROTOBUF_NATIVE, STRING … */
  type: z.string(),
  at: z.number(),
  /** The definition, readable. */
  text: z.string(),
  properties: z.record(z.string(), z.string()),
  /** Why messages of this version are shown undecoded; null when they are decoded. */
  lack: z.string().nullable(),
});
export type SchemaVersion = z.infer<typeof SchemaVersion>;

export const TailFrom = z.discriminatedUnion('kind', [
  /** What is published from now on. */
  z.object({ kind: z.literal('latest') }),
  /** So many entries before the end, and what comes. */
  z.object({ kind: z.literal('last'), count: z.number().int().min(1).max(10_000) }),
  z.object({ kind: z.literal('earliest') }),
  z.object({ kind: z.literal('time'), time: z.number().min(0).max(8.64e15) }),
  z.object({ kind: z.literal('id'), id: MessageIdText }),
]);
export type TailFrom = z.infer<typeof TailFrom>;

/** How a payload was understood. `withheld`: too large to be sent without being asked for. */
export const PayloadForm = z.enum(['json', 'text', 'binary', 'empty', 'withheld']);
export type PayloadForm = z.infer<typeof PayloadForm>;

export const MessageRow = z.object({
  /** Its place in the filtered list, counted from the first that ever passed. */
  at: z.number(),
  /** `ledger:entry:partition:batch`, the last two where they apply. */
  id: z.string(),
  partition: z.number().nullable(),
  key: z.string().nullable(),
  published: z.number(),
  eventTime: z.number().nullable(),
  size: z.number(),
  form: PayloadForm,
  /** The payload's beginning on one line. */
  text: z.string(),
  /** Properties' beginning, `name=value`. */
  properties: z.string(),
});
export type MessageRow = z.infer<typeof MessageRow>;

export const WholeMessage = z.object({
  topic: z.string(),
  id: z.string(),
  partition: z.number().nullable(),
  key: z.string().nullable(),
  properties: z.record(z.string(), z.string()),
  published: z.number(),
  eventTime: z.number().nullable(),
  size: z.number(),
  form: PayloadForm,
  /** The payload as text, indented where it was decoded by a schema; its beginning when `cut`. */
  text: z.string(),
  /** The bytes themselves, as many as `text` was made of. */
  base64: z.string(),
  cut: z.boolean(),
  /** "Avro, version 2"; null when no schema had a part in it. */
  schema: z.string().nullable(),
});
export type WholeMessage = z.infer<typeof WholeMessage>;

export const TailBatch = z.object({
  /** Messages read so far. */
  seen: z.number(),
  /** Those that passed the filter as it is, so far. */
  matched: z.number(),
  /** The oldest place that can still be shown; the end (exclusive) is `end`. */
  first: z.number(),
  end: z.number(),
  /** Messages that passed and were let go since: more than are kept. */
  dropped: z.number(),
  /** The most that are kept. */
  room: z.number(),
  paused: z.boolean(),
  /** Messages that passed since it was paused. */
  since: z.number(),
  /** Messages read in the last second. */
  rate: z.number(),
  /** `away`: the server does not answer; it goes on by itself. */
  state: z.enum(['opening', 'reading', 'away']),
  problem: ProblemData.nullable(),
  /** The newest rows, when they are new. */
  rows: z.array(MessageRow),
});
export type TailBatch = z.infer<typeof TailBatch>;

export const OutgoingMessage = z.object({
  payload: z.string().max(900_000),
  /** `text`: as it stands, encoded by the topic's schema where it has one. */
  encoding: z.enum(['text', 'base64']).default('text'),
  key: z.string().max(10_000).nullable().default(null),
  properties: z.record(z.string().min(1).max(1_000), z.string().max(100_000)).default({}),
  eventTime: z.number().min(0).max(8.64e15).nullable().default(null),
});
export type OutgoingMessage = z.infer<typeof OutgoingMessage>;

const MessagePlace = z.union([z.enum(['earliest', 'latest']), z.object({ time: z.number().min(0) }), z.object({ id: MessageIdText })]);

/** Everything that changes topics and subscriptions, but publishing. */
export const TopicAct = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('create-topic'), topic: TopicName, partitions: z.number().int().min(0).max(1_000) }),
  z.object({ kind: z.literal('delete-topic'), topic: TopicName }),
  z.object({ kind: z.literal('set-retention'), topic: TopicName, retention: Retention.nullable() }),
  z.object({ kind: z.literal('create-subscription'), topic: TopicName, subscription: SubscriptionName, from: MessagePlace }),
  z.object({ kind: z.literal('delete-subscription'), topic: TopicName, subscription: SubscriptionName }),
  z.object({ kind: z.literal('seek'), topic: TopicName, subscription: SubscriptionName, to: MessagePlace }),
  z.object({
    kind: z.literal('skip'),
    topic: TopicName,
    subscription: SubscriptionName,
    /** null: all. */ count: z.number().int().min(1).max(2_000_000_000).nullable(),
  }),
  z.object({
    kind: z.literal('expire'),
    topic: TopicName,
    subscription: SubscriptionName,
    /** Older than so many seconds. */ seconds: z.number().int().min(1).max(2_000_000_000),
  }),
]);
export type TopicAct = z.infer<typeof TopicAct>;

export const ActPreview = z.object({
  /** "Skip 1,204 messages" */
  button: z.string(),
  /** What will be lost, with counts; empty when nothing is. */
  losses: z.array(z.string()),
  /** The calls that will be made. */
  statements: z.string(),
});
export type ActPreview = z.infer<typeof ActPreview>;

export const DeadLetterTopic = DeadLetterOf.extend({
  topic: z.string(),
  /** Messages in it that were not redriven. */
  waiting: z.number(),
  /** Publish time of the newest. */
  newest: z.number().nullable(),
  /** An earlier redrive was interrupted: the next one looks first what it had done. */
  interrupted: z.boolean(),
});
export type DeadLetterTopic = z.infer<typeof DeadLetterTopic>;

export const DeadLetter = z.object({
  id: z.string(),
  key: z.string().nullable(),
  published: z.number(),
  size: z.number(),
  /** Why it was given up, as far as its properties say. */
  reason: z.string(),
  /** Where it came from and would go back to; null when nothing says. */
  origin: z.string().nullable(),
  originId: z.string().nullable(),
  subscription: z.string().nullable(),
  /** Redriven already: acknowledged by `noodlebox-redrive`. */
  redriven: z.boolean(),
  text: z.string(),
  form: PayloadForm,
});
export type DeadLetter = z.infer<typeof DeadLetter>;

export const LagSample = z.object({
  at: z.number(),
  rateIn: z.number(),
  rateOut: z.number(),
  /** Backlog of each subscription. */
  backlog: z.record(z.string(), z.number()),
});
export type LagSample = z.infer<typeof LagSample>;

export const topicsContract = oc.router({
  /** The server's version, as it tells it. */
  version: oc.input(serviceInput).output(z.object({ version: z.string() })),
  /** Tenants, and their namespaces as `tenant/namespace`. */
  namespaces: oc.input(serviceInput).output(z.array(z.object({ tenant: z.string(), namespaces: z.array(z.string()) }))),
  /** Topics of a namespace by name, partitioned ones once; the system's own left out. */
  list: oc.input(serviceInput.extend({ namespace: z.string().min(3).max(500) })).output(z.array(TopicEntry)),
  /** null for one that is gone. */
  figures: oc.input(serviceInput.extend({ topics: z.array(TopicName).max(100) })).output(z.array(TopicFigures.nullable())),
  detail: oc.input(topicInput).output(TopicDetail),
  /** Newest first. */
  schemas: oc.input(topicInput).output(z.array(SchemaVersion)),

  /** Reads on and on, disturbing nobody; ends with the iterator. */
  tail: oc.input(topicInput.extend({ stream: StreamId, from: TailFrom, filter: FilterText.default('') })).output(eventIterator(TailBatch)),
  /** @throws bad-argument, with the place, for a filter that cannot be understood */
  tailFilter: oc.input(streamInput.extend({ filter: FilterText })).output(z.object({ matched: z.number() })),
  /** Paused, what is shown stays; reading and counting go on. */
  tailPause: oc.input(streamInput.extend({ paused: z.boolean() })).output(z.void()),
  /** Rows by their place. */
  tailPage: oc
    .input(streamInput.extend({ from: z.number().int().min(0), count: z.number().int().min(1).max(500) }))
    .output(z.array(MessageRow)),
  /** What is kept and passes the filter, as a file of JSON Lines. */
  tailExport: oc.input(serviceInput.extend({ stream: StreamId })).output(z.object({ task: TaskSummary, file: z.string() })),

  /** One message; its payload up to the limit of what is shown at once, or with `whole` to that of what a window can hold. */
  message: oc.input(topicInput.extend({ id: MessageIdText, whole: z.boolean().default(false) })).output(WholeMessage),
  /** Its payload as a file. */
  messageFile: oc.input(topicInput.extend({ id: MessageIdText })).output(z.object({ task: TaskSummary, file: z.string() })),
  /** Messages a subscription has not acknowledged, oldest first, without taking them. */
  peek: oc
    .input(topicInput.extend({ subscription: SubscriptionName, count: z.number().int().min(1).max(500) }))
    .output(z.array(MessageRow)),

  /** What keeps a message from the topic's schema; null when nothing does. */
  check: oc
    .input(topicInput.extend({ message: OutgoingMessage }))
    .output(z.object({ schema: z.string().nullable(), problem: ProblemData.nullable() })),
  publish: oc.input(topicInput.extend({ message: OutgoingMessage })).output(z.object({ id: z.string() })),
  /** The same message many times, `{{n}}` in it replaced by its number. */
  publishMany: oc
    .input(
      topicInput.extend({
        message: OutgoingMessage,
        repeat: z.number().int().min(2).max(1_000_000),
        perSecond: z.number().min(0).max(100_000).default(0),
      }),
    )
    .output(TaskSummary),

  preview: oc.input(serviceInput.extend({ act: TopicAct })).output(ActPreview),
  perform: oc.input(serviceInput.extend({ act: TopicAct })).output(z.void()),

  deadLetterTopics: oc.input(serviceInput).output(z.array(DeadLetterTopic)),
  deadLetters: oc.input(topicInput).output(z.object({ messages: z.array(DeadLetter), cut: z.boolean(), waiting: z.number() })),
  /** Publishes dead letters to where they came from, then acknowledges them. @param ids null: all that wait. @param to for those that do not say where they came from */
  redrive: oc
    .input(topicInput.extend({ ids: z.array(MessageIdText).min(1).max(10_000).nullable(), to: TopicName.nullable().default(null) }))
    .output(TaskSummary),

  /** What was sampled of late, then each new sample. */
  lag: oc.input(topicInput.extend({ stream: StreamId })).output(eventIterator(z.array(LagSample))),
});
