/** Sending and receiving, whichever transport carries it. */
import { limits } from '../../limits.ts';
import { Turnstile } from '../turnstile.ts';
import type { Topic } from './topic.ts';

export const transportKinds = ['native', 'websocket'] as const;
/** `native`: the binary protocol, by the optional package pulsar-client. `websocket`: the broker's WebSocket API. */
export type TransportKind = (typeof transportKinds)[number];
export type TransportChoice = 'auto' | TransportKind;

export interface Transport {
  readonly kind: TransportKind;
  producer(topic: Topic, signal?: AbortSignal): Promise<Producer>;
  consumer(topic: Topic, options: ConsumerOptions, signal?: AbortSignal): Promise<Consumer>;
  reader(topic: Topic, from: StartPosition, signal?: AbortSignal): Promise<Reader>;
  close(): Promise<void>;
}

export interface OutgoingMessage {
  readonly data: string | Buffer;
  readonly key?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface Message {
  /** The broker's id, serialized, in base64: a place to start reading from. */
  readonly id: string;
  readonly data: Buffer;
  readonly key: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
  /** ms since the epoch */
  readonly publishedAt: number;
  /** How often it came before. */
  readonly redeliveries: number;
}

export interface Producer {
  /**
   * Waits for room among the messages in flight, then for the broker to have the message stored. @returns its id
   * Batches fill only when many are sent before the first is awaited: see `sendAll`.
   * @throws NoodleError service-unreachable when the broker has not acknowledged it in `limits.pulsarSendTimeout`
   */
  send(message: OutgoingMessage, signal?: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

export interface ConsumerOptions {
  readonly subscription: string;
  /** Default `shared`. */
  readonly type?: 'exclusive' | 'shared' | 'failover' | 'key-shared';
  /** Where a subscription that is new begins. Default `latest`. */
  readonly from?: 'earliest' | 'latest';
}

export interface Consumer {
  receive(signal?: AbortSignal): Promise<Message>;
  acknowledge(message: Message): Promise<void>;
  /** Refuses it: it comes again after `limits.pulsarNackDelay`, and with it the others of the batch it was sent in. */
  refuse(message: Message): Promise<void>;
  /** The subscription stays, with all that was not acknowledged. */
  close(): Promise<void>;
}

/** The first message, the next one to be published, or the one after the message with that id. */
export type StartPosition = 'earliest' | 'latest' | { readonly after: string };

export interface Reader {
  receive(signal?: AbortSignal): Promise<Message>;
  close(): Promise<void>;
}

/** Sends all of them, as many in flight as the producer lets, and waits until the broker has every one. @returns how many */
export async function sendAll(
  producer: Producer,
  messages: Iterable<OutgoingMessage> | AsyncIterable<OutgoingMessage>,
  signal?: AbortSignal,
): Promise<number> {
  const room = new Turnstile(limits.pulsarBatchMessages);
  const inFlight = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let count = 0;
  for await (const message of messages) {
    const leave = await room.enter(signal);
    if (failure) break;
    const sent = producer
      .send(message, signal)
      .then(
        () => {},
        (error: unknown) => {
          failure ??= { error };
        },
      )
      .finally(() => {
        inFlight.delete(sent);
        leave();
      });
    inFlight.add(sent);
    count++;
  }
  await Promise.all(inFlight);
  if (failure) throw failure.error;
  return count;
}
