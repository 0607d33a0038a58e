/** One Pulsar as its panel, the CLI and traces know it. Everything goes through its REST and WebSocket APIs, with the stack's token. */
import type {
  ActPreview,
  DeadLetter,
  DeadLetterTopic,
  LagSample,
  MessageRow,
  OutgoingMessage,
  SchemaVersion,
  TailFrom,
  TopicAct,
  TopicDetail,
  TopicEntry,
  TopicFigures,
  WholeMessage,
} from '../../../preload/contract/topics.ts';
import type { Problem } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Connection, ServiceSession, SessionPlace } from '../kind.ts';
import { perform, previewOf } from './acts.ts';
import { openBroker } from './broker.ts';
import { openCatalog } from './catalog.ts';
import { deadLetters, deadLetterTopics } from './dead-letters/list.ts';
import { type Redriven, type RedriveOptions, redrive } from './dead-letters/redrive.ts';
import { detailOf, figuresOfAll } from './detail.ts';
import { parseFilter } from './filter/filter.ts';
import { openLag } from './lag.ts';
import { decodeId, parseId } from './message-id.ts';
import { peek } from './peek.ts';
import { check, publish, publishAll, publishMany, type Repeat } from './publish.ts';
import { openRegistry, told, type Version } from './schemas/registry.ts';
import { readMessage } from './tail/message.ts';
import { partOf } from './tail/position.ts';
import { bytesOf, type RawMessage } from './tail/raw.ts';
import { readTopic } from './tail/read.ts';
import { recordLine } from './tail/record.ts';
import { rowOf, wholeOf } from './tail/row.ts';
import { openSource } from './tail/source.ts';
import { subjectOf } from './tail/subject.ts';
import { Tail } from './tail/tail.ts';
import { parseTopic, topicUrl } from './topic.ts';
import { trace } from './trace.ts';

export interface ReadOptions {
  readonly from: TailFrom;
  readonly filter: string;
  readonly follow: boolean;
}

export interface ReadMessage {
  /** As a list shows it. */
  row(): MessageRow;
  /** As a script gets it: one JSON object. */
  line(): string;
}

/** Topics are named as `parseTopic` reads them. */
export interface PulsarSession extends ServiceSession {
  version(signal: AbortSignal): Promise<string>;
  namespaces(signal: AbortSignal): Promise<{ tenant: string; namespaces: string[] }[]>;
  /** @param namespace `tenant/namespace` */
  list(namespace: string, signal: AbortSignal): Promise<TopicEntry[]>;
  figures(topics: readonly string[], signal: AbortSignal): Promise<(TopicFigures | null)[]>;
  detail(topic: string, signal: AbortSignal): Promise<TopicDetail>;
  schemas(topic: string, signal: AbortSignal): Promise<SchemaVersion[]>;
  /** Begins to read. The caller closes it. @throws NoodleError not-found, bad-argument */
  tail(topic: string, from: TailFrom, filter: string, signal: AbortSignal): Promise<Tail>;
  /** What passes the filter, losing nothing: the topic waits for whoever reads. @param follow goes on at the end @returns lines, see `recordLine` */
  read(topic: string, options: ReadOptions, signal: AbortSignal): AsyncGenerator<ReadMessage>;
  message(topic: string, id: string, most: number, signal: AbortSignal, tail?: Tail): Promise<WholeMessage>;
  /** The payload alone. */
  payload(topic: string, id: string, signal: AbortSignal): Promise<Buffer>;
  peek(topic: string, subscription: string, count: number, signal: AbortSignal): Promise<MessageRow[]>;
  check(topic: string, message: OutgoingMessage, signal: AbortSignal): Promise<{ schema: string | null; problem: Problem | null }>;
  /** @returns the message's id */
  publish(topic: string, message: OutgoingMessage, signal: AbortSignal): Promise<string>;
  publishMany(topic: string, message: OutgoingMessage, repeat: Repeat, signal: AbortSignal): Promise<number>;
  /** @param onStored told the id of each @returns how many were stored */
  publishAll(topic: string, messages: AsyncIterable<OutgoingMessage>, onStored: (id: string) => void, signal: AbortSignal): Promise<number>;
  preview(act: TopicAct, signal: AbortSignal): Promise<ActPreview>;
  perform(act: TopicAct, signal: AbortSignal): Promise<void>;
  deadLetterTopics(signal: AbortSignal): Promise<DeadLetterTopic[]>;
  deadLetters(topic: string, signal: AbortSignal): Promise<{ messages: DeadLetter[]; cut: boolean; waiting: number }>;
  redrive(topic: string, options: RedriveOptions, signal: AbortSignal): Promise<Redriven>;
  lag(topic: string, signal: AbortSignal): AsyncGenerator<LagSample[]>;
}

export async function openSession(connection: Connection, _place: SessionPlace): Promise<PulsarSession> {
  const broker = openBroker(connection);
  const catalog = openCatalog(broker);
  const registry = openRegistry(broker);
  const lag = openLag(broker);
  const tails = new Set<Tail>();

  /** @param tail where the message may still be */
  const found = async (
    name: string,
    id: string,
    signal: AbortSignal,
    tail?: Tail,
  ): Promise<{ raw: RawMessage; partition: number | null }> => {
    const wanted = parseId(id);
    const kept = tail?.kept(({ messageId }) => {
      const { ledger, entry, batch } = decodeId(messageId);
      return ledger === wanted.ledger && entry === wanted.entry && (wanted.batch < 0 || batch === wanted.batch);
    });
    if (kept) return kept;
    const part = partOf(await broker.parts(parseTopic(name), signal), wanted);
    return { raw: await readMessage(broker, part.topic, wanted, signal), partition: part.partition };
  };

  return {
    version: async (signal) => (await broker.fetch({ method: 'GET', path: ['brokers', 'version'] }, signal)).text(),
    namespaces: (signal) => catalog.namespaces(signal),
    list: (namespace, signal) => catalog.list(namespace, signal),
    figures: (topics, signal) => figuresOfAll(broker, topics.map(parseTopic), signal),
    detail: (topic, signal) => detailOf(broker, catalog, parseTopic(topic), signal),
    schemas: async (topic, signal) => told(await registry.versions(parseTopic(topic), signal)),

    async tail(name, from, filter, signal) {
      const topic = parseTopic(name);
      let versions: readonly Version[] = await registry.versions(topic, signal);
      let asked = Date.now();
      const tail = new Tail({
        from,
        filter,
        onClose: () => tails.delete(tail),
        versions() {
          // A schema may come while the topic is followed.
          if (Date.now() - asked > limits.topicsSchemasKept) {
            asked = Date.now();
            void registry.versions(topic).then(
              (fresh) => {
                versions = fresh;
              },
              () => undefined,
            );
          }
          return versions;
        },
      });
      await tail.start((listener) => openSource(broker, topic, from, listener, signal));
      tails.add(tail);
      return tail;
    },

    async *read(name, { from, filter, follow }, signal) {
      const topic = parseTopic(name);
      const passes = parseFilter(filter);
      const versions = await registry.versions(topic, signal);
      let at = 0;
      for await (const { raw, partition } of readTopic(broker, topic, from, follow, signal)) {
        if (!passes.all && !passes.test(subjectOf(raw, versions))) continue;
        yield {
          row: () => rowOf(raw, partition, at++, versions),
          line: () => recordLine(raw, partition, versions, { type: 'message' }),
        };
      }
    },

    async message(name, id, most, signal, tail) {
      const { raw, partition } = await found(name, id, signal, tail);
      const topic = parseTopic(name);
      return wholeOf(raw, topicUrl(topic), partition, await registry.versions(topic, signal), most);
    },
    payload: async (name, id, signal) => bytesOf((await found(name, id, signal)).raw),
    peek: (topic, subscription, count, signal) => peek(broker, registry, parseTopic(topic), subscription, count, signal),

    check: (topic, message, signal) => check(broker, registry, parseTopic(topic), message, signal),
    publish: (topic, message, signal) => publish(broker, registry, parseTopic(topic), message, signal),
    publishMany: (topic, message, repeat, signal) => publishMany(broker, registry, parseTopic(topic), message, repeat, signal),
    publishAll: (topic, messages, onStored, signal) => publishAll(broker, registry, parseTopic(topic), messages, onStored, signal),

    preview: (act, signal) => previewOf(broker, act, signal),
    async perform(act, signal) {
      await perform(broker, act, signal);
      catalog.forget();
    },

    deadLetterTopics: (signal) => deadLetterTopics(broker, catalog, signal),
    deadLetters: (topic, signal) => deadLetters(broker, catalog, registry, parseTopic(topic), signal),
    redrive: (topic, options, signal) => redrive(broker, catalog, parseTopic(topic), options, signal),
    lag: (topic, signal) => lag.follow(parseTopic(topic), signal),

    trace: (id, signal) => trace(broker, catalog, registry, id, signal),
    async names(text, signal) {
      const wanted = text.toLowerCase();
      const entries = (await catalog.all(signal)).filter(({ topic }) => topic.replace('persistent://', '').toLowerCase().includes(wanted));
      return entries.slice(0, limits.lookupNames).map(({ topic, deadLetter }) => ({
        what: deadLetter?.kind === 'dead-letter' ? 'dead-letter topic' : 'topic',
        name: topic.replace('persistent://public/default/', '').replace('persistent://', ''),
        search: { topic },
      }));
    },
    async close() {
      lag.close();
      await Promise.all([...tails].map((tail) => tail.close()));
    },
  };
}
