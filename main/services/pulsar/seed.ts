/** Seeding Pulsar: topics and retention by the admin API, events by a batched producer that knows how far it got. */
import { z } from 'zod';
import type { Dataset } from '../../../seeds/generator/dataset.ts';
import { event, eventCounts, type TopicName, topics } from '../../../seeds/pulsar/events.ts';
import { limits } from '../../limits.ts';
import { readDeclared } from '../declared.ts';
import type { Connection } from '../kind.ts';
import type { LedgerEntry, LoadMark, SeedSlice, SeedTarget, StoreCount } from '../seed-target.ts';
import { type PulsarAdmin, pulsarAdmin } from './admin.ts';
import { PulsarHttpError } from './errors.ts';
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
      const counts = await Promise.all(topics.map((name) => countMessages(admin, name, signal)));
      return counts.filter((count) => count !== undefined);
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

interface Analysis {
  readonly messages: number;
  /** True when the broker stopped at its limit of entries or time; it goes on from `lastMessageId` when asked. */
  readonly aborted: boolean;
  readonly lastMessageId?: string;
}

const countingSubscription = 'noodlebox-count-';

/**
 * The broker counts by a subscription's backlog, so one is made for as long as it counts.
 * @returns undefined when there is no such topic
 */
async function countMessages(admin: PulsarAdmin, name: string, signal: AbortSignal): Promise<StoreCount | undefined> {
  const topic = stackTopic(name);
  const subscription = `${countingSubscription}${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
  const analyze = ['persistent', 'public', 'default', name, 'subscription', subscription, 'analyzeBacklog'];
  try {
    await admin.createSubscription(topic, subscription, 'earliest', signal);
  } catch (error) {
    if (error instanceof PulsarHttpError && error.status === 404) return undefined;
    throw error;
  }
  try {
    let rows = 0;
    let from: { readonly ledgerId: number; readonly entryId: number } | undefined;
    for (;;) {
      const { messages, aborted, lastMessageId } = await admin.call<Analysis>('POST', analyze, { body: from ?? {}, signal });
      rows += messages;
      if (!aborted || !lastMessageId) return { name, rows };
      const [ledgerId, entryId] = lastMessageId.split(':').map(Number) as [number, number];
      from = { ledgerId, entryId: entryId + 1 };
    }
  } finally {
    await admin.deleteSubscription(topic, subscription);
    await removeLeftOver(admin, name);
  }
}

/** One that a killed process left behind would keep messages for ever. */
async function removeLeftOver(admin: PulsarAdmin, name: string): Promise<void> {
  const subscriptions = await admin.call<string[]>('GET', ['persistent', 'public', 'default', name, 'subscriptions']);
  const old = subscriptions.filter((each) => {
    const [, started] = /^noodlebox-count-(\d+)-/.exec(each) ?? [];
    return started !== undefined && Number(started) < Date.now() - 10 * limits.connectTimeout;
  });
  for (const each of old) await admin.deleteSubscription(stackTopic(name), each);
}
