/** The stack's three streams of events, each about one kind of entity. */
import { NoodleError } from '../../errors.ts';
import type { Consumer, ConsumerOptions, Message, Producer, Transport } from './messaging.ts';
import { sendAll } from './messaging.ts';
import { stackTopic } from './topic.ts';

/** Topic and the field that names the entity. */
export const eventStreams = {
  compilation: { topic: 'compilation-events', id: 'job_id' },
  ai: { topic: 'ai-events', id: 'model_id' },
  network: { topic: 'network-events', id: 'node_id' },
} as const;
export type EventStream = keyof typeof eventStreams;

export interface StackEvent {
  /** Id of the job, model or node. */
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly time: Date;
}

/** The message of an event: `{<id>, event_type, data, timestamp}` as JSON, keyed by the id so that an entity's events keep their order. */
export function encodeEvent(stream: EventStream, event: StackEvent): { readonly key: string; readonly data: string } {
  const { id } = eventStreams[stream];
  const body = { [id]: event.id, event_type: event.type, data: event.data, timestamp: event.time.toISOString() };
  return { key: event.id, data: JSON.stringify(body) };
}

/** @throws NoodleError bad-argument for a message that is no event of this stream */
export function decodeEvent(stream: EventStream, data: Buffer): StackEvent {
  const { id, topic } = eventStreams[stream];
  try {
    const body = JSON.parse(data.toString()) as Readonly<Record<string, unknown>>;
    const time = new Date(String(body.timestamp));
    if (typeof body[id] !== 'string' || typeof body.event_type !== 'string' || Number.isNaN(time.getTime()))
      throw new Error(`${id}, event_type or timestamp is missing`);
    return { id: body[id], type: body.event_type, data: (body.data ?? {}) as StackEvent['data'], time };
  } catch (error) {
    throw new NoodleError(
      { code: 'bad-argument', what: `A message of ${topic} is no event.`, why: (error as Error).message },
      { cause: error },
    );
  }
}

export interface EventPublisher {
  /** Returns when the broker has all of them. */
  publish(events: Iterable<StackEvent> | AsyncIterable<StackEvent>, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export async function eventPublisher(transport: Transport, stream: EventStream, signal?: AbortSignal): Promise<EventPublisher> {
  const producer: Producer = await transport.producer(stackTopic(eventStreams[stream].topic), signal);
  return {
    async publish(events, signal) {
      await sendAll(producer, encoded(stream, events), signal);
    },
    close: () => producer.close(),
  };
}

async function* encoded(stream: EventStream, events: Iterable<StackEvent> | AsyncIterable<StackEvent>) {
  for await (const event of events) yield encodeEvent(stream, event);
}

export interface EventSubscription {
  /** The next event and the message it came in, to acknowledge or to refuse. */
  next(signal?: AbortSignal): Promise<{ readonly event: StackEvent; readonly message: Message }>;
  acknowledge(message: Message): Promise<void>;
  refuse(message: Message): Promise<void>;
  close(): Promise<void>;
}

export async function subscribeEvents(
  transport: Transport,
  stream: EventStream,
  options: ConsumerOptions,
  signal?: AbortSignal,
): Promise<EventSubscription> {
  const consumer: Consumer = await transport.consumer(stackTopic(eventStreams[stream].topic), options, signal);
  return {
    async next(signal) {
      const message = await consumer.receive(signal);
      return { event: decodeEvent(stream, message.data), message };
    },
    acknowledge: (message) => consumer.acknowledge(message),
    refuse: (message) => consumer.refuse(message),
    close: () => consumer.close(),
  };
}
