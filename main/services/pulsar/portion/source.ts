/** What a bundle takes of a Pulsar: messages that carry an id, or all. It has no index: topics are read from their beginning. */
import type { Connection } from '../../kind.ts';
import type { PortionSink, PortionSource, PortionWork } from '../../portion.ts';
import { type Broker, openBroker, type TopicPart } from '../broker.ts';
import { openCatalog } from '../catalog.ts';
import { afterEntry } from '../message-id.ts';
import { openRegistry, type Version } from '../schemas/registry.ts';
import { findsByEntries, idFinder, messagesWith } from '../search/find.ts';
import { entriesBack, internalStats } from '../tail/ends.ts';
import { readStretch } from '../tail/message.ts';
import type { RawMessage } from '../tail/raw.ts';
import { parseTopic, type Topic } from '../topic.ts';
import { verify } from '../verify.ts';
import { type IndexedTopic, shownTopic } from './index-file.ts';
import { carriesId, filteredMessage, messageOf } from './message.ts';

export interface PulsarPortionOptions {
  readonly signal: AbortSignal;
  /** Entries of a topic that are looked through, the newest ones; undefined: all. */
  readonly entries: number | undefined;
}

/** @throws NoodleError wrong-password, service-unreachable */
export async function openPortionSource(connection: Connection, { signal, entries }: PulsarPortionOptions): Promise<PortionSource> {
  const { version } = await verify(connection, signal);
  const broker = openBroker(connection);
  const catalog = openCatalog(broker);
  const registry = openRegistry(broker);
  return {
    version,
    outline: async (stop) => (await catalog.all(stop)).map(({ topic }) => ({ place: topic, fields: undefined })),
    async read(ids, to, work) {
      const reading = new Reading(broker, to, work, ids, entries);
      const topics: IndexedTopic[] = [];
      for (const { topic: name, partitions } of await catalog.all(work.signal)) {
        const topic = parseTopic(name);
        const versions = await registry.versions(topic, work.signal);
        const parts = [];
        for (const part of await broker.parts(topic, work.signal)) {
          parts.push({ partition: part.partition, ...(await reading.topic(part, name, versions)) });
        }
        const schemas = versions.map(({ schema: { type, data, properties } }) => ({ type, data, properties: { ...properties } }));
        topics.push({ topic: name, partitions, schemas, parts });
      }
      reading.notices();
      const counts = topics.map(({ topic, parts }) => ({
        name: shownTopic(topic),
        rows: parts.reduce((sum, { messages }) => sum + messages, 0),
      }));
      return { index: { format: 1, topics }, counts };
    },
    close: async () => {},
  };
}

class Reading {
  readonly #broker: Broker;
  readonly #to: PortionSink;
  readonly #work: PortionWork;
  readonly #ids: ReadonlySet<string> | undefined;
  readonly #entries: number | undefined;
  #parts = 0;
  #hidden = 0;

  constructor(broker: Broker, to: PortionSink, work: PortionWork, ids: ReadonlySet<string> | undefined, entries: number | undefined) {
    this.#broker = broker;
    this.#to = to;
    this.#work = work;
    this.#ids = ids;
    this.#entries = entries;
  }

  /** @param place the topic that it is, or is a partition of */
  async topic(of: TopicPart, place: string, versions: readonly Version[]): Promise<{ readonly part: string; readonly messages: number }> {
    const name = `messages/${this.#parts++}.ndjson`;
    const part = await this.#to.part(name);
    let looked = 0;
    let messages = 0;
    let lines = '';
    const onLooked = (count: number) => {
      looked += count;
      if (count > 1 || looked % 1_000 === 0) this.#work.progress(looked, 0, `messages of ${shownTopic(place)}`);
    };
    for await (const raw of this.#messages(of, place, versions, onLooked)) {
      if (this.#ids && !carriesId(raw, this.#ids, versions)) continue;
      const message = filteredMessage(messageOf(raw), place, this.#to.filter);
      if (!message) {
        this.#hidden++;
        continue;
      }
      messages++;
      lines += `${JSON.stringify(message)}\n`;
      if (lines.length < 256 * 1024) continue;
      await part.write(lines);
      lines = '';
    }
    if (lines !== '') await part.write(lines);
    await part.end();
    return { part: name, messages };
  }

  /** Those that may carry an id, or all. */
  async *#messages(
    part: TopicPart,
    place: string,
    versions: readonly Version[],
    onLooked: (count: number) => void,
  ): AsyncGenerator<RawMessage> {
    const { signal } = this.#work;
    const start = await this.#start(part.topic, place);
    const finder = this.#ids && start === 'earliest' ? idFinder(this.#ids, versions) : undefined;
    if (finder && (await findsByEntries(this.#broker, part.topic, signal))) {
      yield* messagesWith(this.#broker, part, finder, onLooked, signal);
      return;
    }
    for await (const raw of readStretch(this.#broker, part.topic, start, signal)) {
      onLooked(1);
      yield raw;
    }
  }

  async #start(topic: Topic, place: string): Promise<string> {
    if (this.#entries === undefined) return 'earliest';
    const stats = await internalStats(this.#broker, topic, this.#work.signal);
    if (stats.numberOfEntries <= this.#entries) return 'earliest';
    this.#to.notice(`${shownTopic(place)}: only its newest ${this.#entries.toLocaleString('en')} entries were looked through.`);
    return afterEntry(entriesBack(stats, this.#entries));
  }

  notices(): void {
    if (this.#hidden > 0) {
      this.#to.notice(`${this.#hidden} messages were left out: something of their topic is to be masked, and they are no text.`);
    }
  }
}
