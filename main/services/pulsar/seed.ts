/** Seeding Pulsar: topics and retention by the admin API, events by a batched producer that knows how far it got. */
import { z } from 'zod';
import type { Dataset } from '../../../seeds/generator/dataset.ts';
import { event, eventCounts, type TopicName, topics } from '../../../seeds/pulsar/events.ts';
import { limits } from '../../limits.ts';
import { readDeclared } from '../declared.ts';
import type { Connection } from '../kind.ts';
import type { LedgerEntry, LoadMark, SeedSlice, SeedTarget } from '../seed-target.ts';
import { type PulsarAdmin, pulsarAdmin } from './admin.ts';
import { countMessages } from './count-messages.ts';
import { type EventStream, encodeEvent, eventStreams } from './events.ts';
import { openSeedProducer, type SeedProducer } from './seed-producer.ts';
import { stackTopic } from './topic.ts';

const streams = Object.fromEntries(Object.entries(eventStreams).map(([stream, { topic }]) => [topic, stream])) as Readonly<
  Record<TopicName, EventStream>
>;

const declared = z.strictObject({
  topics: z.array(z.string().regex(/^[a-z0-9-]+$/)).default([]),
  retention: z.strictObject({ minutes: z.number().int(), megabytes: z.number().int() }).optional(),
});

/** The mark, and each topic's last entry when the load began. */
interface KeptLoad {
  readonly mark: LoadMark;
  readonly starts: Readonly<Record<string, string>>;
}

/** @throws NoodleError wrong-password, service-unreachable */
export async function openSeedTarget(connection: Connection): Promise<SeedTarget> {
  const admin = pulsarAdmin(connection);
  const kept = keptProperties(admin);
  let producing: { readonly topic: string; readonly producer: SeedProducer } | undefined;

  async function producerOf(topic: string): Promise<SeedProducer> {
    if (producing?.topic === topic) return producing.producer;
    await producing?.producer.close();
    producing = undefined;
    const start = (await kept.load())?.starts[topic];
    producing = { topic, producer: await openSeedProducer(connection, admin, topic, start) };
    return producing.producer;
  }

  async function keepMark(mark: LoadMark): Promise<void> {
    const begins = mark.state === 'loading' && mark.batches === 0;
    const starts = begins ? await lastEntries(admin) : ((await kept.load())?.starts ?? {});
    await kept.write(loadKey, { mark, starts });
  }

  return {
    kind: 'pulsar',
    ledger: () => kept.ledger(),
    async migrate(migration, signal) {
      const wanted = readDeclared(migration, declared);
      const row = (state: LedgerEntry['state']): LedgerEntry => ({ id: migration.id, checksum: migration.checksum, state, at: Date.now() });
      await kept.write(migration.id, row('started'));
      for (const topic of wanted.topics) await admin.createTopic(stackTopic(topic), signal);
      if (wanted.retention) {
        const { minutes, megabytes } = wanted.retention;
        await admin.setNamespaceRetention('public', 'default', { retentionTimeInMinutes: minutes, retentionSizeInMB: megabytes }, signal);
      }
      await kept.write(migration.id, row('applied'));
    },
    loadMark: async () => (await kept.load())?.mark,
    setLoadMark: keepMark,
    parts(sizes) {
      const counts = eventCounts(sizes);
      return topics.map((name) => ({ name, items: counts[name], batch: limits.seedMessages }));
    },
    async load(dataset, slice, mark) {
      const producer = await producerOf(slice.part);
      await producer.send(messagesOf(dataset, { ...slice, from: Math.max(slice.from, producer.arrived) }));
      await keepMark(mark);
    },
    async clear(_, signal) {
      for (const topic of topics) {
        await admin.deleteTopic(stackTopic(topic), signal);
        await admin.createTopic(stackTopic(topic), signal);
      }
    },
    async counts(signal) {
      const counts = await Promise.all(
        topics.map(async (name) => {
          const rows = await countMessages(admin, stackTopic(name), signal);
          return rows === undefined ? [] : [{ name, rows }];
        }),
      );
      return counts.flat();
    },
    async close() {
      await producing?.producer.close();
    },
  };
}

function* messagesOf(dataset: Dataset, { part, from, to }: SeedSlice) {
  const topic = part as TopicName;
  for (let index = from; index < to; index++) yield encodeEvent(streams[topic], event(dataset, topic, index));
}

const prefix = 'noodlebox.';
const loadKey = 'load';

/**
 * Ledger and mark are properties of the namespace: part of the broker's metadata, changed one call at a
 * time, and kept whatever the retention of messages. https://pulsar.apache.org/docs/4.0.x/admin-api-namespaces/
 */
function keptProperties(admin: PulsarAdmin) {
  const path = ['namespaces', 'public', 'default', 'properties'];
  const read = async () => (await admin.call<Record<string, string> | undefined>('GET', path)) ?? {};
  return {
    async ledger(): Promise<LedgerEntry[]> {
      const ours = Object.entries(await read()).filter(([name]) => name.startsWith(prefix) && name !== prefix + loadKey);
      return ours.map(([, text]) => JSON.parse(text) as LedgerEntry).sort((a, b) => a.id.localeCompare(b.id));
    },
    async load(): Promise<KeptLoad | undefined> {
      const text = (await read())[prefix + loadKey];
      return text === undefined ? undefined : (JSON.parse(text) as KeptLoad);
    },
    write: (key: string, value: LedgerEntry | KeptLoad): Promise<void> =>
      admin.call('PUT', path, { body: { [prefix + key]: JSON.stringify(value) } }),
  };
}

async function lastEntries(admin: PulsarAdmin): Promise<Readonly<Record<string, string>>> {
  const entries = await Promise.all(
    topics.map(async (name) => [name, (await admin.internalStats(stackTopic(name))).lastConfirmedEntry] as const),
  );
  return Object.fromEntries(entries);
}
