/** Pulsar over its binary protocol, by the package pulsar-client. */
import { limits } from '../../../limits.ts';
import { abortable, unreachable } from '../../connect.ts';
import type { Connection } from '../../kind.ts';
import { Turnstile } from '../../turnstile.ts';
import type { Message, StartPosition, Transport } from '../messaging.ts';
import { topicUrl } from '../topic.ts';
import type { LibraryClient, LibraryMessage, LibraryMessageId, PulsarLibrary } from './library.ts';

export function nativeTransport(library: PulsarLibrary, connection: Connection): Transport {
  const client = openClient(library, connection);
  const named = <T>(act: Promise<T>, signal?: AbortSignal): Promise<T> =>
    abortable(act, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw unreachable('Pulsar', connection, error);
    });

  return {
    kind: 'native',
    async producer(topic, signal) {
      const room = new Turnstile(limits.pulsarBatchMessages);
      const opening = client.createProducer({
        topic: topicUrl(topic),
        sendTimeoutMs: limits.pulsarSendTimeout,
        maxPendingMessages: limits.pulsarBatchMessages,
        blockIfQueueFull: true,
        batchingEnabled: true,
        batchingMaxMessages: limits.pulsarBatchMessages,
        batchingMaxAllowedSizeInBytes: limits.pulsarBatchBytes,
        batchingMaxPublishDelayMs: limits.pulsarBatchDelay,
      });
      const producer = await named(opening, signal);
      return {
        async send({ data, key, properties }, signal) {
          const leave = await room.enter(signal);
          try {
            return idText(await named(producer.send({ data: Buffer.from(data), partitionKey: key, properties }), signal));
          } finally {
            leave();
          }
        },
        close: async () => void (await producer.close()),
      };
    },
    async consumer(topic, { subscription, type = 'shared', from = 'latest' }, signal) {
      const opening = client.subscribe({
        topic: topicUrl(topic),
        subscription,
        subscriptionType: subscriptionTypes[type],
        subscriptionInitialPosition: from === 'earliest' ? 'Earliest' : 'Latest',
        receiverQueueSize: limits.pulsarReceiverQueue,
        ackTimeoutMs: limits.pulsarAckTimeout,
        nAckRedeliverTimeoutMs: limits.pulsarNackDelay,
      });
      const consumer = await named(opening, signal);
      const idOf = (message: Message) => library.MessageId.deserialize(Buffer.from(message.id, 'base64'));
      return {
        receive: (signal) => next((timeout) => consumer.receive(timeout), connection, signal),
        acknowledge: async (message) => void (await named(consumer.acknowledgeId(idOf(message)))),
        refuse: async (message) => consumer.negativeAcknowledgeId(idOf(message)),
        close: async () => void (await consumer.close()),
      };
    },
    async reader(topic, from, signal) {
      const opening = client.createReader({
        topic: topicUrl(topic),
        startMessageId: startAt(library, from),
        receiverQueueSize: limits.pulsarReceiverQueue,
      });
      const reader = await named(opening, signal);
      return {
        receive: (signal) => next((timeout) => reader.readNext(timeout), connection, signal),
        close: async () => void (await reader.close()),
      };
    },
    close: async () => void (await client.close()),
  };
}

const subscriptionTypes = { exclusive: 'Exclusive', shared: 'Shared', failover: 'Failover', 'key-shared': 'KeyShared' } as const;

function openClient(library: PulsarLibrary, { url, parts }: Connection): LibraryClient {
  return new library.Client({
    serviceUrl: url,
    authentication: parts.token ? new library.AuthenticationToken({ token: parts.token }) : undefined,
    operationTimeoutSeconds: limits.connectTimeout / 1000,
    connectionTimeoutMs: limits.connectTimeout,
    // It would write to stdout, which belongs to the CLI's own output.
    log: () => {},
  });
}

/** The library's receive takes no signal: it is asked in short turns, and between two of them the signal is looked at. */
async function next(receive: (timeout: number) => Promise<LibraryMessage>, connection: Connection, signal?: AbortSignal): Promise<Message> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return asMessage(await receive(limits.pulsarReceiveTurn));
    } catch (error) {
      if (!/timeout/i.test(String(error))) throw unreachable('Pulsar', connection, error);
    }
  }
}

function startAt({ MessageId }: PulsarLibrary, from: StartPosition): LibraryMessageId {
  if (from === 'earliest') return MessageId.earliest();
  if (from === 'latest') return MessageId.latest();
  return MessageId.deserialize(Buffer.from(from.after, 'base64'));
}

function asMessage(message: LibraryMessage): Message {
  return {
    id: idText(message.getMessageId()),
    data: message.getData(),
    key: message.getPartitionKey() || undefined,
    properties: message.getProperties(),
    publishedAt: message.getPublishTimestamp(),
    redeliveries: message.getRedeliveryCount(),
  };
}

function idText(id: LibraryMessageId): string {
  return id.serialize().toString('base64');
}
