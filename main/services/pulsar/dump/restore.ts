/**
 * A topic cannot be renamed, so nothing can be made ready beside what is there: what is to be restored is checked and laid
 * into a folder first, and the swap then makes it from there, from the beginning however often it was cut off.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { NoodleError } from '../../../errors.ts';
import { parsedJson } from '../../../home/files.ts';
import { limits } from '../../../limits.ts';
import { linesOf, readJsonPart, wrongPart } from '../../dump-parts.ts';
import type { DumpPart, DumpPlace, Staged, StageOptions } from '../../dumper.ts';
import { Turnstile } from '../../turnstile.ts';
import { type Broker, encodedOnce, openBroker, subscriptionSegments, topicSegments } from '../broker.ts';
import { openCatalog } from '../catalog.ts';
import { decodeId } from '../message-id.ts';
import { parseTopic, type Topic, topicUrl } from '../topic.ts';
import { openSender } from '../websocket/sender.ts';
import { websocketTransport } from '../websocket/transport.ts';
import {
  Catalog,
  catalogPart,
  holdersOf,
  type Namespace,
  namespacePolicies,
  Positions,
  positionsPart,
  type Subscription,
  type TopicEntry,
} from './catalog.ts';
import { Line, publishedProperty } from './message.ts';

const Laid = z.object({ catalog: Catalog, positions: Positions });

export async function stage(_place: DumpPlace, parts: AsyncIterable<DumpPart>, { folder, signal }: StageOptions): Promise<Staged> {
  const reading = parts[Symbol.asyncIterator]();
  const next = async () => ((await reading.next()) as IteratorResult<DumpPart, undefined>).value;
  const catalog = await readJsonPart(await next(), catalogPart, Catalog);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of topicsOf(catalog).flatMap((topic) => topic.parts)) {
    const part = await next();
    if (part?.name !== name) throw wrongPart(name, 'it is missing');
    await pipeline(Readable.from(checkedLines(part)), createWriteStream(join(folder, name), { mode: 0o600, flush: true }), { signal });
  }
  const positions = await readJsonPart(await next(), positionsPart, Positions);
  return { record: { catalog, positions }, counts: null, notes: [] };
}

export async function swap({ connection }: DumpPlace, record: unknown, { folder, signal }: StageOptions): Promise<void> {
  const broker = openBroker(connection);
  const { catalog, positions } = Laid.parse(record);
  await removeTopics(broker, new Set(catalog.tenants.flatMap(({ namespaces }) => namespaces.map(({ name }) => name))), signal);
  for (const { name, settings, namespaces } of catalog.tenants) {
    await makeUnlessThere(broker.call({ method: 'PUT', path: ['tenants', name], body: settings }, signal));
    for (const namespace of namespaces) await makeNamespace(broker, namespace, signal);
  }
  for (const entry of topicsOf(catalog)) {
    await makeTopic(broker, entry, signal);
    for (const [at, topic] of holdersOf(entry).entries()) {
      await fillTopic(broker, topic, join(folder, entry.parts[at]!), positions[topicUrl(topic)] ?? [], signal);
    }
  }
}

/** The folder is removed by whoever made it; the broker has nothing of it yet. */
export async function discard(): Promise<void> {}

function topicsOf(catalog: Catalog): readonly TopicEntry[] {
  return catalog.tenants.flatMap(({ namespaces }) => namespaces.flatMap(({ topics }) => topics));
}

async function* checkedLines({ name, content }: DumpPart): AsyncGenerator<string> {
  for await (const line of linesOf(content, name, limits.dumpLineBytes)) {
    const text = line.toString('utf8');
    const message = Line.safeParse(parsedJson(text));
    if (!message.success) throw wrongPart(name, 'a message in it cannot be understood');
    // Found before anything is removed: afterwards there would be no way to go on.
    if (text.length > limits.pulsarFrameBytes) {
      throw new NoodleError({
        code: 'too-large',
        what: `A message of ${name} is too large to be published again.`,
        why: "The broker's WebSocket API takes about 768 KiB a message.",
        todo: 'Restore the other services with --service.',
      });
    }
    yield `${text}\n`;
  }
}

async function removeTopics(broker: Broker, namespaces: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
  const catalog = openCatalog(broker);
  for (const { namespaces: there } of await catalog.namespaces(signal)) {
    for (const namespace of there) {
      if (!namespaces.has(namespace)) continue;
      for (const { topic, partitions } of await catalog.list(namespace, signal)) {
        const path = topicSegments(parseTopic(topic));
        const query = { force: 'true', deleteSchema: 'true' };
        await unless('not-found', broker.call({ method: 'DELETE', path: partitions > 0 ? [...path, 'partitions'] : path, query }, signal));
      }
    }
  }
}

async function makeNamespace(broker: Broker, { name, policies }: Namespace, signal: AbortSignal): Promise<void> {
  const path = ['namespaces', ...name.split('/')];
  // A bundle is a share of the cluster's own, and clusters are named as this one is.
  const { bundles: _b, replication_clusters: _c, ...wanted } = policies;
  if (await makeUnlessThere(broker.call({ method: 'PUT', path, body: wanted }, signal))) return;
  const there = await broker.get<Record<string, unknown>>(path, undefined, signal);
  for (const [policy, step] of Object.entries(namespacePolicies)) {
    if (JSON.stringify(there[policy]) === JSON.stringify(wanted[policy])) continue;
    const value = wanted[policy];
    const request =
      value === undefined || value === null
        ? { method: 'DELETE' as const }
        : { method: putPolicies.has(step) ? ('PUT' as const) : ('POST' as const), body: value };
    await unless('bad-argument', unless('not-found', broker.call({ ...request, path: [...path, step] }, signal)));
  }
}

/** Those that the REST API takes by PUT. */
const putPolicies: ReadonlySet<string> = new Set(['compactionThreshold', 'schemaCompatibilityStrategy']);

async function makeTopic(broker: Broker, { topic, partitions, schemas, policies }: TopicEntry, signal: AbortSignal): Promise<void> {
  const parsed = parseTopic(topic);
  const path = topicSegments(parsed);
  const request = partitions > 0 ? { path: [...path, 'partitions'], body: partitions } : { path };
  await makeUnlessThere(broker.call({ method: 'PUT', ...request }, signal));
  for (const schema of schemas) {
    const body = { type: schema.type, schema: schema.data, properties: schema.properties };
    await broker.call(
      { method: 'POST', path: ['schemas', parsed.tenant, parsed.namespace, encodedOnce(parsed.name), 'schema'], body },
      signal,
    );
  }
  for (const [policy, value] of Object.entries(policies))
    await broker.call({ method: 'POST', path: [...path, policy], body: value }, signal);
}

/** Publishes in order, one entry a message, so that a place among them is a place of the topic. */
async function fillTopic(
  broker: Broker,
  topic: Topic,
  file: string,
  subscriptions: readonly Subscription[],
  signal: AbortSignal,
): Promise<void> {
  const needed = new Set(subscriptions.flatMap(({ upTo, beyond }) => [upTo, ...beyond]));
  const ids = new Map<number, string>();
  const sender = await openSender(broker, topic, false, signal);
  const room = new Turnstile(limits.pulsarBatchMessages);
  const inFlight = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let count = 0;
  try {
    for await (const text of linesOf(createReadStream(file), topicUrl(topic), limits.dumpLineBytes)) {
      const { payload, key, properties, eventTime, published } = Line.parse(JSON.parse(text.toString('utf8')));
      const leave = await room.enter(signal);
      if (failure) break;
      const place = count++;
      const sent = sender
        .send({ payload, key, properties: { ...properties, [publishedProperty]: published }, eventTime })
        .then(
          (id) => {
            if (needed.has(place)) ids.set(place, id);
          },
          (error: unknown) => {
            failure ??= { error };
          },
        )
        .finally(() => {
          inFlight.delete(sent);
          leave();
        });
      inFlight.add(sent);
    }
  } finally {
    await Promise.all(inFlight);
    await sender.close();
  }
  if (failure) throw failure.error;
  for (const subscription of subscriptions) await placeSubscription(broker, topic, subscription, ids, signal);
}

async function placeSubscription(
  broker: Broker,
  topic: Topic,
  { name, upTo, beyond }: Subscription,
  ids: ReadonlyMap<number, string>,
  signal: AbortSignal,
): Promise<void> {
  const path = subscriptionSegments(topic, name);
  await broker.call({ method: 'PUT', path, body: { ledgerId: -1, entryId: -1, partitionIndex: -1 } }, signal);
  const next = ids.get(upTo);
  if (upTo > 0 && next === undefined) await broker.call({ method: 'POST', path: [...path, 'skip_all'] }, signal);
  else if (upTo > 0) {
    const { ledger, entry, partition } = decodeId(next!);
    const body = { ledgerId: String(ledger), entryId: String(entry), partitionIndex: partition };
    await broker.call({ method: 'POST', path: [...path, 'resetcursor'], body }, signal);
  }
  if (beyond.length === 0) return;
  const transport = websocketTransport(broker.connection);
  const consumer = await transport.consumer(topic, { subscription: name, type: 'shared' }, signal);
  try {
    for (const place of beyond) {
      const id = ids.get(place);
      if (id !== undefined)
        await consumer.acknowledge({ id, data: Buffer.alloc(0), key: undefined, properties: {}, publishedAt: 0, redeliveries: 0 });
    }
  } finally {
    await consumer.close();
    await transport.close();
  }
}

/** @returns whether it was made now */
async function makeUnlessThere(act: Promise<unknown>): Promise<boolean> {
  try {
    await act;
    return true;
  } catch (error) {
    if (error instanceof NoodleError && error.code === 'conflict') return false;
    throw error;
  }
}

async function unless(code: 'not-found' | 'bad-argument', act: Promise<unknown>): Promise<void> {
  await act.catch((error: unknown) => {
    if (!(error instanceof NoodleError) || error.code !== code) throw error;
  });
}
