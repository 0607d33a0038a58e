/** All partitions of a topic read together, over lost connections, disturbing no subscription. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TailFrom } from '../../../../preload/contract/topics.ts';
import { asNoodleError, type NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { type Broker, mustExist, type TopicPart } from '../broker.ts';
import type { Topic } from '../topic.ts';
import type { Socket } from '../websocket/socket.ts';
import { openReader } from './message.ts';
import { startsOf } from './position.ts';
import { asRaw, type RawMessage } from './raw.ts';

export interface SourceListener {
  onMessage(message: RawMessage, partition: number | null): void;
  /** All parts are read. */
  onReading(): void;
  /** A part was lost and is being opened anew. */
  onAway(problem: NoodleError): void;
}

export interface Source {
  close(): Promise<void>;
}

/** Returns once every part is being read. @throws NoodleError not-found, bad-argument, service-unreachable */
export async function openSource(
  broker: Broker,
  topic: Topic,
  from: TailFrom,
  listener: SourceListener,
  signal: AbortSignal,
): Promise<Source> {
  await mustExist(broker, topic, signal);
  const parts = await broker.parts(topic, signal);
  const starts = await startsOf(broker, parts, from, signal);
  const readers = parts.map((part, at) => new PartReader(broker, part, starts[at]!, listener, (): void => told()));
  const told = () => {
    if (readers.every(({ reading }) => reading)) listener.onReading();
  };
  try {
    await Promise.all(readers.map((reader) => reader.open(signal)));
  } catch (error) {
    await Promise.all(readers.map((reader) => reader.close()));
    throw error;
  }
  return { close: async () => void (await Promise.all(readers.map((reader) => reader.close()))) };
}

class PartReader {
  reading = false;
  readonly #broker: Broker;
  readonly #part: TopicPart;
  readonly #listener: SourceListener;
  readonly #changed: () => void;
  readonly #closed = new AbortController();
  #after: string;
  #socket: Socket | undefined;
  #owed = 0;

  constructor(broker: Broker, part: TopicPart, after: string, listener: SourceListener, changed: () => void) {
    this.#broker = broker;
    this.#part = part;
    this.#after = after;
    this.#listener = listener;
    this.#changed = changed;
  }

  async open(signal: AbortSignal): Promise<void> {
    const { topic, partition } = this.#part;
    const socket = await openReader(
      this.#broker,
      topic,
      this.#after,
      limits.topicsReaderQueue,
      {
        onFrame: (frame) => {
          const message = asRaw(frame);
          if (!message || this.#closed.signal.aborted) return;
          this.#after = message.messageId;
          if (this.#owed++ === 0) setImmediate(this.#answer);
          this.#listener.onMessage(message, partition);
        },
        onEnd: (error) => this.#lost(asNoodleError(error)),
      },
      AbortSignal.any([signal, this.#closed.signal]),
    );
    this.#socket = socket;
    this.reading = true;
    this.#answer();
    this.#changed();
  }

  /** The broker holds back while its queue size is out unanswered. What the answer says does not matter to it. */
  readonly #answer = (): void => {
    const owed = this.#owed;
    if (!this.#socket || owed === 0) return;
    this.#owed = 0;
    this.#socket.sendAll('{}', owed);
  };

  #lost(problem: NoodleError): void {
    if (this.#closed.signal.aborted || !this.reading) return;
    this.reading = false;
    this.#socket = undefined;
    this.#owed = 0;
    this.#listener.onAway(problem);
    void this.#reopen().catch(() => undefined);
  }

  async #reopen(): Promise<void> {
    const { signal } = this.#closed;
    for (let round = 0; !signal.aborted; round++) {
      await sleep(limits.topicsReopen[Math.min(round, limits.topicsReopen.length - 1)], undefined, { signal });
      try {
        // A reader of a topic that was deleted meanwhile would make it again.
        await mustExist(this.#broker, this.#part.topic, signal);
        await this.open(signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#listener.onAway(asNoodleError(error));
      }
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#socket?.close();
  }
}
