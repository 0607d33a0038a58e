/** Everything in Pulsar that carries an id. It has no index: topics are read from their ends back as far as the limits let. */
import { limits } from '../../limits.ts';
import type { SessionFinding } from '../kind.ts';
import { Turnstile } from '../turnstile.ts';
import type { Broker } from './broker.ts';
import type { Catalog } from './catalog.ts';
import { eventStreams } from './events.ts';
import { afterEntry, decodeId, idText } from './message-id.ts';
import { decode, valueIn } from './schemas/decode.ts';
import type { Registry, Version } from './schemas/registry.ts';
import { sendsEntries } from './search/entries.ts';
import { idFinder, messagesWith } from './search/find.ts';
import { entriesBack, internalStats } from './tail/ends.ts';
import { readStretch } from './tail/message.ts';
import { bytesOf, type RawMessage, timeOf } from './tail/raw.ts';
import { parseTopic } from './topic.ts';

export async function trace(
  broker: Broker,
  catalog: Catalog,
  registry: Registry,
  id: string,
  signal: AbortSignal,
): Promise<{ findings: SessionFinding[]; cut: boolean }> {
  const findings: SessionFinding[] = [];
  let cut = false;
  const budget = AbortSignal.timeout(limits.topicsTraceTime);
  const room = new Turnstile(limits.topicsAtOnce);
  const within = AbortSignal.any([signal, budget]);
  const entries = await catalog.all(signal);
  await Promise.all(
    entries.map(async ({ topic: name, partitions }) => {
      const topic = parseTopic(name);
      try {
        const leave = await room.enter(within);
        try {
          const versions = await registry.versions(topic, within);
          const parts = partitions === 0 ? [{ topic, partition: null }] : await broker.parts(topic, within);
          for (const part of parts) {
            const stats = await internalStats(broker, part.topic, within);
            const isCut = stats.numberOfEntries > limits.topicsTraceEntries;
            cut ||= isCut;
            const finder = isCut || !sendsEntries(broker) ? undefined : idFinder(new Set([id]), versions);
            const messages = finder
              ? messagesWith(broker, part, finder, () => {}, within)
              : readStretch(broker, part.topic, afterEntry(entriesBack(stats, limits.topicsTraceEntries)), within);
            for await (const raw of messages) {
              const relation = relationOf(raw, id, topic.name, versions);
              if (relation === undefined) continue;
              if (findings.length === limits.traceFindings) {
                cut = true;
                return;
              }
              findings.push(findingOf(raw, name, relation, versions));
            }
          }
        } finally {
          leave();
        }
      } catch (error) {
        if (!budget.aborted || signal.aborted) throw error;
        cut = true;
      }
    }),
  );
  return { findings: findings.sort((a, b) => (a.time ?? 0) - (b.time ?? 0)), cut };
}

/** How the id stands in the message; undefined when it does not. */
function relationOf(raw: RawMessage, id: string, topic: string, versions: readonly Version[]): string | undefined {
  const { key, properties } = raw;
  const bytes = bytesOf(raw);
  const named = Object.entries(properties ?? {}).find(([, value]) => value === id);
  const isIn = bytes.includes(id) || (versions.length > 0 && decode(bytes, versions, timeOf(raw.publishTime) ?? 0).text.includes(id));
  if (key !== id && !named && !isIn) return undefined;
  if (isIn) {
    const path = pathOf(valueIn(bytes, versions, timeOf(raw.publishTime) ?? 0), id);
    const own = Object.values(eventStreams).find((stream) => stream.topic === topic)?.id;
    if (path !== undefined) return path === own ? 'its own id' : `as ${path}`;
  }
  if (key === id) return 'as its key';
  return named ? `as the property ${named[0]}` : 'in its text';
}

/** The path to the first value that is the id, shallow ones first. */
export function pathOf(value: unknown, id: string): string | undefined {
  const waiting: { readonly value: unknown; readonly path: string }[] = [{ value, path: '' }];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const [name, inner] of Object.entries(next.value)) {
      const path = next.path === '' ? name : `${next.path}.${name}`;
      if (typeof inner === 'object' ? false : String(inner) === id) return path;
      waiting.push({ value: inner, path });
    }
  }
  return undefined;
}

function findingOf(raw: RawMessage, topic: string, relation: string, versions: readonly Version[]): SessionFinding {
  const id = idText(decodeId(raw.messageId));
  const published = timeOf(raw.publishTime);
  const bytes = bytesOf(raw);
  const { text } = decode(bytes, versions, published ?? 0);
  return {
    what: 'event',
    place: topic.replace('persistent://public/default/', ''),
    name: id,
    relation,
    time: happenedAt(valueIn(bytes, versions, published ?? 0)) ?? timeOf(raw.eventTime) ?? published,
    content: text.slice(0, 4_000),
    search: { topic, from: `id:${id}`, message: id },
  };
}

/** The stack's events say when they happened; they are published later. */
function happenedAt(value: unknown): number | null {
  const timestamp = typeof value === 'object' && value !== null ? (value as { timestamp?: unknown }).timestamp : undefined;
  return typeof timestamp === 'string' ? timeOf(timestamp) : null;
}
