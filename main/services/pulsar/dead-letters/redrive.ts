/**
 * Dead letters back to where they came from. Each is published to its origin, and acknowledged in its topic only when the
 * broker has it: what is interrupted loses nothing. That a message goes twice is kept from happening like this:
 *
 * - acknowledged ones (by the subscription `noodlebox-redrive`, which is this tool's own) are not looked at again;
 * - while a redrive is at work the subscription carries the time it began, in the broker. One that finds such a time was
 *   preceded by one that was interrupted: it reads what was published to the origins since then, and does not publish
 *   again what went already, which it knows by a property of the messages;
 * - the subscription is exclusive, so that two do not work at once.
 *
 * What is left: a message whose acknowledgement the broker loses after it has been seen there; and the broker's own
 * redelivery of batches, which are acknowledged as a whole: for them the time stays until the whole batch has gone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { acknowledgedBy } from '../acknowledged.ts';
import { type Broker, forPeople, mustExist, subscriptionSegments } from '../broker.ts';
import type { Catalog } from '../catalog.ts';
import { idText, type MessageId, parseId } from '../message-id.ts';
import { internalStats } from '../tail/ends.ts';
import { readStretch } from '../tail/message.ts';
import { startsOf } from '../tail/position.ts';
import { asRaw, type RawMessage, timeOf } from '../tail/raw.ts';
import { parseTopic, type Topic, topicUrl } from '../topic.ts';
import { openSender, type Sender } from '../websocket/sender.ts';
import { openSocket } from '../websocket/socket.ts';
import { lying, redriveSubscription, sinceProperty } from './list.ts';
import { originOf, redriveProperty, systemProperties } from './naming.ts';

export interface RedriveOptions {
  /** null: all that wait. In any written form. */
  readonly ids: readonly string[] | null;
  /** Where those go that do not say where they came from. */
  readonly to: string | null;
  onProgress(done: number, total: number): void;
}

export interface Redriven {
  /** Published now. */
  readonly published: number;
  /** Published by an earlier redrive that was interrupted, and only acknowledged now. */
  readonly already: number;
  readonly failed: readonly { readonly id: string; readonly why: string }[];
}

/** @throws NoodleError conflict while another redrive of the topic is at work; the signal's reason when cancelled, with what was published acknowledged */
export async function redrive(
  broker: Broker,
  catalog: Catalog,
  topic: Topic,
  options: RedriveOptions,
  signal: AbortSignal,
): Promise<Redriven> {
  await mustExist(broker, topic, signal);
  const path = subscriptionSegments(topic, redriveSubscription);
  await makeSubscription(broker, path, signal);

  const waiting = await chosen(broker, topic, options.ids, signal);
  if (waiting.size === 0) return { published: 0, already: 0, failed: [] };
  const named =
    (await catalog.list(`${topic.tenant}/${topic.namespace}`, signal)).find((entry) => entry.topic === topicUrl(topic))?.deadLetter ?? null;

  const marks = await broker.get<Record<string, string>>([...path, 'properties'], undefined, signal);
  const interrupted = marks[sinceProperty] === undefined ? undefined : Number(marks[sinceProperty]);
  const origins = new Origins(broker, interrupted, signal);
  const work = new Work(waiting, origins, topicUrl(topic), options, named?.origin ?? null);
  await work.consume(broker, topic, signal, async () => {
    // Only now that no other redrive can be at work.
    await setSince(broker, path, marks, interrupted ?? (await brokerNow(broker, signal)), signal);
  });
  await origins.close();
  const settled = await seenAcknowledged(broker, topic, work.done);
  if (settled && !work.tornBatch()) await setSince(broker, path, marks, undefined, undefined);
  signal.throwIfAborted();
  return work.result();
}

async function makeSubscription(broker: Broker, path: readonly string[], signal: AbortSignal): Promise<void> {
  try {
    await broker.call({ method: 'PUT', path, body: { ledgerId: -1, entryId: -1, partitionIndex: -1 } }, signal);
  } catch (error) {
    if (!(error instanceof NoodleError) || error.code !== 'conflict') throw error;
  }
}

/** A minute early: clocks of brokers differ, and reading more than needed does no harm. */
async function brokerNow(broker: Broker, signal: AbortSignal): Promise<number> {
  const answer = await broker.fetch({ method: 'GET', path: ['brokers', 'version'] }, signal);
  await answer.body?.cancel();
  const date = Date.parse(answer.headers.get('date') ?? '');
  return (Number.isNaN(date) ? Date.now() : date) - 60_000;
}

async function setSince(
  broker: Broker,
  path: readonly string[],
  marks: Readonly<Record<string, string>>,
  since: number | undefined,
  signal: AbortSignal | undefined,
) {
  const { [sinceProperty]: _before, ...others } = marks;
  const body = since === undefined ? others : { ...others, [sinceProperty]: String(since) };
  await broker.call({ method: 'PUT', path: [...path, 'properties'], body }, signal);
}

interface Waiting {
  readonly id: MessageId;
  state: 'waiting' | 'under way' | 'done' | 'failed';
}

async function chosen(broker: Broker, topic: Topic, ids: readonly string[] | null, signal: AbortSignal): Promise<Map<string, Waiting>> {
  const wanted = ids && new Set(ids.map((id) => idText(parseId(id))));
  const found = new Map<string, Waiting>();
  for await (const { id, redriven } of lying(broker, topic, Number.MAX_SAFE_INTEGER, signal)) {
    const text = idText(id);
    if (!redriven && (!wanted || wanted.has(text))) found.set(text, { id, state: 'waiting' });
  }
  return found;
}

class Work {
  readonly #waiting: Map<string, Waiting>;
  readonly #origins: Origins;
  readonly #topic: string;
  readonly #options: RedriveOptions;
  readonly #fallback: string | null;
  readonly #failed: { id: string; why: string }[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #batches = new Map<string, { size: number; done: number }>();
  readonly done: MessageId[] = [];
  #published = 0;
  #already = 0;

  constructor(waiting: Map<string, Waiting>, origins: Origins, topic: string, options: RedriveOptions, fallback: string | null) {
    this.#waiting = waiting;
    this.#origins = origins;
    this.#topic = topic;
    this.#options = options;
    this.#fallback = fallback;
  }

  /** Takes the topic's messages in turn until all those chosen are settled. @param onAlone nobody else consumes, and nothing was published yet */
  async consume(broker: Broker, topic: Topic, signal: AbortSignal, onAlone: () => Promise<void>): Promise<void> {
    const finished = Promise.withResolvers<void>();
    let ready = false;
    const early: RawMessage[] = [];
    const stop = () => finished.resolve();
    signal.addEventListener('abort', stop, { once: true });
    let quiet: NodeJS.Timeout | undefined;
    const stir = () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => finished.resolve(), limits.topicsMessageWait);
    };
    const query = {
      pullMode: 'true',
      subscriptionType: 'Exclusive',
      receiverQueueSize: String(limits.topicsRedriveAtOnce),
      ackTimeoutMillis: '0',
    };
    const segments = ['consumer', 'persistent', topic.tenant, topic.namespace, topic.name, redriveSubscription];
    const takeIn = (raw: RawMessage) => {
      const settled = this.#settle(raw, signal)
        .then((acknowledge) => {
          if (acknowledge) socket.send(JSON.stringify({ messageId: raw.messageId }));
          socket.send(JSON.stringify({ type: 'permit', permitMessages: 1 }));
          if (![...this.#waiting.values()].some(({ state }) => state === 'waiting' || state === 'under way')) finished.resolve();
        })
        .finally(() => this.#underWay.delete(settled));
      this.#underWay.add(settled);
    };
    const opening = openSocket(
      broker.connection,
      segments,
      query,
      {
        onFrame: (frame) => {
          const raw = asRaw(frame);
          if (!raw) return;
          stir();
          if (ready) takeIn(raw);
          else early.push(raw);
        },
        onEnd: (error) => finished.reject(error),
      },
      signal,
      [],
    );
    const socket = await opening.catch((error) => {
      throw busy(forPeople(error, broker.connection));
    });
    try {
      await onAlone();
      socket.send(JSON.stringify({ type: 'permit', permitMessages: limits.topicsRedriveAtOnce }));
      ready = true;
      for (const raw of early) takeIn(raw);
      stir();
      if (signal.aborted) stop();
      await finished.promise;
    } finally {
      clearTimeout(quiet);
      signal.removeEventListener('abort', stop);
      finished.promise.catch(() => undefined);
      await Promise.all(this.#underWay);
      await socket.close();
    }
    for (const [id, { state }] of this.#waiting) {
      if (state === 'waiting' && !signal.aborted) this.#failed.push({ id, why: 'It did not come again.' });
    }
  }

  /** @returns whether it is to be acknowledged */
  async #settle(raw: RawMessage, signal: AbortSignal): Promise<boolean> {
    const id = parseId(raw.messageId);
    const text = idText(id);
    const entry = this.#waiting.get(text);
    this.#countBatch(id, entry !== undefined);
    if (entry?.state !== 'waiting' || signal.aborted) return false;
    entry.state = 'under way';
    try {
      const mark = `${this.#topic}@${text}`;
      const name = originOf(raw.properties ?? {}, null).origin ?? this.#fallback ?? this.#options.to;
      if (name === null) throw new Error('Nothing says where it came from.');
      const origin = await this.#origins.open(parseTopic(name));
      if (origin.has(mark)) this.#already++;
      else {
        await origin.send(raw, mark);
        this.#published++;
      }
      entry.state = 'done';
      this.done.push(id);
      this.#options.onProgress(this.done.length + this.#failed.length, this.#waiting.size);
      return true;
    } catch (error) {
      entry.state = 'failed';
      this.#failed.push({ id: text, why: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }

  #countBatch({ ledger, entry, batch, batchSize }: MessageId, taken: boolean): void {
    if (batch < 0 || batchSize <= 1) return;
    const key = `${ledger}:${entry}`;
    const known = this.#batches.get(key) ?? { size: batchSize, done: 0 };
    if (taken) known.done++;
    this.#batches.set(key, known);
  }

  /** Of some batch only a part has gone: the broker keeps all of it. */
  tornBatch(): boolean {
    return this.#failed.length > 0 || [...this.#batches.values()].some(({ size, done }) => done > 0 && done < size);
  }

  result(): Redriven {
    return { published: this.#published, already: this.#already, failed: this.#failed };
  }
}

function busy(error: unknown): unknown {
  if (!(error instanceof NoodleError) || error.code !== 'conflict') return error;
  return new NoodleError(
    { code: 'conflict', what: 'A redrive of this topic is at work already.', why: error.problem.why, todo: 'Wait until it has ended.' },
    { cause: error },
  );
}

interface Origin {
  /** It went there already. */
  has(mark: string): boolean;
  send(raw: RawMessage, mark: string): Promise<string>;
}

/** Where dead letters go back to, each opened once. */
class Origins {
  readonly #broker: Broker;
  readonly #interrupted: number | undefined;
  readonly #signal: AbortSignal;
  readonly #open = new Map<string, Promise<Origin>>();
  readonly #senders: Sender[] = [];

  constructor(broker: Broker, interrupted: number | undefined, signal: AbortSignal) {
    this.#broker = broker;
    this.#interrupted = interrupted;
    this.#signal = signal;
  }

  open(topic: Topic): Promise<Origin> {
    const name = topicUrl(topic);
    const known = this.#open.get(name);
    if (known) return known;
    const opening = this.#make(topic);
    this.#open.set(name, opening);
    return opening;
  }

  async #make(topic: Topic): Promise<Origin> {
    const gone = this.#interrupted === undefined ? new Set<string>() : await this.#goneSince(topic, this.#interrupted);
    const sender = await openSender(this.#broker, topic, false, this.#signal);
    this.#senders.push(sender);
    return {
      has: (mark) => gone.has(mark),
      send: ({ payload, key, properties, eventTime }, mark) => {
        const kept = Object.fromEntries(Object.entries(properties ?? {}).filter(([name]) => !systemProperties.has(name)));
        return sender.send({ payload, key, properties: { ...kept, [redriveProperty]: mark }, eventTime: timeOf(eventTime) ?? undefined });
      },
    };
  }

  async #goneSince(topic: Topic, time: number): Promise<Set<string>> {
    const gone = new Set<string>();
    await mustExist(this.#broker, topic, this.#signal);
    const parts = await this.#broker.parts(topic, this.#signal);
    const starts = await startsOf(this.#broker, parts, { kind: 'time', time }, this.#signal);
    for (const [at, part] of parts.entries()) {
      for await (const raw of readStretch(this.#broker, part.topic, starts[at]!, this.#signal)) {
        const mark = raw.properties?.[redriveProperty];
        if (mark !== undefined) gone.add(mark);
      }
    }
    return gone;
  }

  async close(): Promise<void> {
    await Promise.all(this.#senders.map((sender) => sender.close()));
  }
}

/** Whether the broker tells that all of them are acknowledged: clients gather acknowledgements before they send them. */
async function seenAcknowledged(broker: Broker, topic: Topic, ids: readonly MessageId[]): Promise<boolean> {
  const parts = await broker.parts(topic);
  const signal = AbortSignal.timeout(limits.topicsAcknowledged);
  try {
    for (;;) {
      const cursors = await Promise.all(
        parts.map(
          async (part) => [part.partition, acknowledgedBy(await internalStats(broker, part.topic, signal), redriveSubscription)] as const,
        ),
      );
      const of = new Map(cursors);
      // Of a topic without partitions an id says none.
      const seen = (id: MessageId) => of.get(parts.length === 1 ? parts[0]!.partition : id.partition)?.has(id) ?? false;
      if (ids.every(seen)) return true;
      await sleep(limits.topicsAcknowledgedPoll, undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
