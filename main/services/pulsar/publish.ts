/** Publishing by hand: one message, or one many times. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingMessage } from '../../../preload/contract/topics.ts';
import { asNoodleError, NoodleError, type Problem } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { Turnstile } from '../turnstile.ts';
import { type Broker, mustExist } from './broker.ts';
import { decodeId, idText } from './message-id.ts';
import type { Registry, Version } from './schemas/registry.ts';
import type { Topic } from './topic.ts';
import { openSender, type Sending } from './websocket/sender.ts';

/** What keeps a message from the newest schema of its topic. */
export async function check(
  broker: Broker,
  registry: Registry,
  topic: Topic,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<{ schema: string | null; problem: Problem | null }> {
  await mustExist(broker, topic, signal);
  const version = (await registry.versions(topic, signal)).at(-1);
  const schema = version ? `${version.codec?.label ?? version.schema.type}, version ${version.schema.version}` : null;
  try {
    encoded(message, version);
    return { schema, problem: null };
  } catch (error) {
    return { schema, problem: asNoodleError(error).problem };
  }
}

/** @returns the message's id. @throws NoodleError bad-argument for a payload that does not fit the topic's schema */
export async function publish(
  broker: Broker,
  registry: Registry,
  topic: Topic,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<string> {
  const version = (await existing(broker, registry, topic, signal)).at(-1);
  const sending = encoded(message, version);
  const sender = await openSender(broker, topic, false, signal);
  try {
    return idText(decodeId(await sender.send(sending)));
  } finally {
    await sender.close();
  }
}

export interface Repeat {
  readonly times: number;
  /** 0: as fast as it goes. */
  readonly perSecond: number;
  onProgress(sent: number): void;
}

/** `{{n}}`, `{{uuid}}` and `{{now}}` are filled in anew in every message. @returns how many were stored; all of them unless it was cancelled */
export async function publishMany(
  broker: Broker,
  registry: Registry,
  topic: Topic,
  message: OutgoingMessage,
  { times, perSecond, onProgress }: Repeat,
  signal: AbortSignal,
): Promise<number> {
  const begun = performance.now();
  async function* numbered() {
    for (let n = 1; n <= times; n++) {
      const early = perSecond > 0 ? ((n - 1) * 1_000) / perSecond - (performance.now() - begun) : 0;
      if (early > 1) await sleep(early, undefined, { signal });
      yield filled(message, n);
    }
  }
  let stored = 0;
  const onStored = () => {
    stored++;
    if (stored % 100 === 0 || stored === times || perSecond > 0) onProgress(stored);
  };
  return publishAll(broker, registry, topic, numbered(), onStored, signal);
}

/** Publishes them in their order, many on the way at once. @param onStored told the id of each @returns how many were stored */
export async function publishAll(
  broker: Broker,
  registry: Registry,
  topic: Topic,
  messages: AsyncIterable<OutgoingMessage>,
  onStored: (id: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const version = (await existing(broker, registry, topic, signal)).at(-1);
  const sender = await openSender(broker, topic, true, signal);
  const room = new Turnstile(limits.pulsarBatchMessages);
  const inFlight = new Set<Promise<unknown>>();
  let failure: unknown;
  let stored = 0;
  try {
    for await (const message of messages) {
      if (failure !== undefined) break;
      const leave = await room.enter(signal);
      const sent = sender
        .send(encoded(message, version))
        .then(
          (id) => {
            stored++;
            onStored(idText(decodeId(id)));
          },
          (error: unknown) => {
            failure ??= error;
          },
        )
        .finally(() => {
          leave();
          inFlight.delete(sent);
        });
      inFlight.add(sent);
    }
  } finally {
    await Promise.all(inFlight);
    await sender.close();
  }
  if (failure !== undefined) throw failure;
  return stored;
}

async function existing(broker: Broker, registry: Registry, topic: Topic, signal: AbortSignal): Promise<readonly Version[]> {
  await mustExist(broker, topic, signal);
  return registry.versions(topic, signal);
}

function encoded({ payload, encoding, key, properties, eventTime }: OutgoingMessage, version: Version | undefined): Sending {
  return {
    payload: (encoding === 'base64' ? fromBase64(payload) : (version?.codec?.encode(payload) ?? Buffer.from(payload))).toString('base64'),
    ...(key === null ? {} : { key }),
    properties,
    ...(eventTime === null ? {} : { eventTime }),
  };
}

function fromBase64(text: string): Buffer {
  const compact = text.replaceAll(/\s+/g, '');
  const wrong = /[^A-Za-z0-9+/=]/.exec(text.replaceAll(/\s/g, 'A'));
  if (!wrong && compact.length % 4 === 0) return Buffer.from(compact, 'base64');
  throw new NoodleError({
    code: 'bad-argument',
    what: 'The payload is no base64.',
    at: { offset: wrong?.index ?? Math.max(0, text.length - 1), length: 1 },
  });
}

function filled(message: OutgoingMessage, n: number): OutgoingMessage {
  const fill = (text: string) =>
    text.includes('{{')
      ? text.replaceAll(/\{\{(n|uuid|now)\}\}/g, (_, name: string) =>
          name === 'n' ? String(n) : name === 'uuid' ? randomUUID() : new Date().toISOString(),
        )
      : text;
  return {
    ...message,
    payload: message.encoding === 'text' ? fill(message.payload) : message.payload,
    key: message.key === null ? null : fill(message.key),
    properties: Object.fromEntries(Object.entries(message.properties).map(([name, value]) => [name, fill(value)])),
  };
}
