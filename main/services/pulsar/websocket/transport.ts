/** Pulsar over its WebSocket API: needs nothing but the broker's HTTP port. */
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { abortable, unreachable } from '../../connect.ts';
import type { Connection } from '../../kind.ts';
import { Turnstile } from '../../turnstile.ts';
import type { Consumer, ConsumerOptions, Message, Producer, Reader, StartPosition, Transport } from '../messaging.ts';
import type { Topic } from '../topic.ts';
import { Inbox } from './inbox.ts';
import { openSocket } from './socket.ts';

export function websocketTransport(connection: Connection): Transport {
  const open = new Set<{ close(): Promise<void> }>();
  const kept = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const opened = await opening;
    open.add(opened);
    return opened;
  };
  return {
    kind: 'websocket',
    producer: (topic, signal) => kept(openProducer(connection, topic, signal)),
    consumer: (topic, options, signal) => kept(openConsumer(connection, topic, options, signal)),
    reader: (topic, from, signal) => kept(openReader(connection, topic, from, signal)),
    async close() {
      await Promise.all([...open].map((each) => each.close()));
    },
  };
}

interface Waiting {
  resolve(id: string): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

async function openProducer(connection: Connection, topic: Topic, signal: AbortSignal | undefined): Promise<Producer> {
  const room = new Turnstile(limits.pulsarBatchMessages);
  const waiting = new Map<string, Waiting>();
  let ended: Error | undefined;
  let sent = 0;

  const settle = (context: string, act: (waiting: Waiting) => void) => {
    const found = waiting.get(context);
    if (!found) return;
    waiting.delete(context);
    clearTimeout(found.timer);
    act(found);
  };

  const query = {
    sendTimeoutMillis: String(limits.pulsarSendTimeout),
    maxPendingMessages: String(limits.pulsarBatchMessages),
    batchingEnabled: 'true',
    batchingMaxMessages: String(limits.pulsarBatchMessages),
    batchingMaxPublishDelay: String(limits.pulsarBatchDelay),
  };
  const socket = await openSocket(
    connection,
    ['producer', 'persistent', topic.tenant, topic.namespace, topic.name],
    query,
    {
      onFrame: ({ context, result, messageId, errorMsg }) =>
        settle(String(context), ({ resolve, reject }) => {
          if (result === 'ok') resolve(String(messageId));
          else reject(unreachable('Pulsar', connection, new Error(`It did not store the message: ${errorMsg ?? result}`)));
        }),
      onEnd: (error) => {
        ended = error;
        for (const context of [...waiting.keys()]) settle(context, ({ reject }) => reject(error));
      },
    },
    signal,
  );

  const acknowledged = (context: string) =>
    new Promise<string>((resolve, reject) => {
      const late = () =>
        settle(context, () => reject(unreachable('Pulsar', connection, new Error('The message was not acknowledged in time.'))));
      waiting.set(context, { resolve, reject, timer: setTimeout(late, limits.pulsarSendTimeout) });
    });

  return {
    async send({ data, key, properties }, signal) {
      const leave = await room.enter(signal);
      try {
        if (ended) throw ended;
        const context = String(sent++);
        const frame = frameOf({ payload: Buffer.from(data).toString('base64'), key, properties, context });
        const answer = acknowledged(context);
        socket.send(frame);
        return await abortable(answer, signal);
      } finally {
        leave();
      }
    },
    close: () => socket.close(),
  };
}

/** @throws NoodleError bad-argument for what the broker would answer by ending the whole conversation */
function frameOf(message: object): string {
  const frame = JSON.stringify(message);
  const size = Buffer.byteLength(frame);
  if (size <= limits.pulsarFrameBytes) return frame;
  throw new NoodleError({
    code: 'bad-argument',
    what: `A message is too large for Pulsar's WebSocket API: ${size} bytes encoded, ${limits.pulsarFrameBytes} are the most.`,
    todo: 'Send a smaller message, or raise webSocketMaxTextFrameSize in the broker.',
  });
}

const subscriptionTypes = { exclusive: 'Exclusive', shared: 'Shared', failover: 'Failover', 'key-shared': 'Key_Shared' } as const;

async function openConsumer(
  connection: Connection,
  topic: Topic,
  { subscription, type = 'shared', from = 'latest' }: ConsumerOptions,
  signal: AbortSignal | undefined,
): Promise<Consumer> {
  const inbox = new Inbox();
  const query = {
    // The broker sends nothing that it was not permitted to: that bounds the inbox.
    pullMode: 'true',
    subscriptionType: subscriptionTypes[type],
    subscriptionInitialPosition: from === 'earliest' ? 'Earliest' : 'Latest',
    receiverQueueSize: String(limits.pulsarReceiverQueue),
    ackTimeoutMillis: String(limits.pulsarAckTimeout),
    negativeAckRedeliveryDelay: String(limits.pulsarNackDelay),
  };
  let owed = 0;
  const permitAnother = () => {
    if (++owed < limits.pulsarReceiverQueue / 2) return;
    socket.send(JSON.stringify({ type: 'permit', permitMessages: owed }));
    owed = 0;
  };
  const socket = await openSocket(
    connection,
    ['consumer', 'persistent', topic.tenant, topic.namespace, topic.name, subscription],
    query,
    {
      onFrame: (frame) => {
        const message = asMessage(frame);
        if (message && !inbox.put(message)) permitAnother();
      },
      onEnd: (error) => inbox.end(error),
    },
    signal,
  );
  socket.send(JSON.stringify({ type: 'permit', permitMessages: limits.pulsarReceiverQueue }));

  return {
    async receive(signal) {
      const message = await inbox.take(signal);
      permitAnother();
      return message;
    },
    acknowledge: async ({ id }) => socket.send(JSON.stringify({ messageId: id })),
    refuse: async ({ id }) => socket.send(JSON.stringify({ type: 'negativeAcknowledge', messageId: id })),
    close: () => socket.close(),
  };
}

async function openReader(connection: Connection, topic: Topic, from: StartPosition, signal: AbortSignal | undefined): Promise<Reader> {
  const inbox = new Inbox();
  const query = {
    messageId: typeof from === 'string' ? from : from.after,
    receiverQueueSize: String(limits.pulsarReceiverQueue),
  };
  const socket = await openSocket(
    connection,
    ['reader', 'persistent', topic.tenant, topic.namespace, topic.name],
    query,
    {
      onFrame: (frame) => {
        const message = asMessage(frame);
        if (message) inbox.put(message);
      },
      onEnd: (error) => inbox.end(error),
    },
    signal,
  );
  return {
    async receive(signal) {
      const message = await inbox.take(signal);
      // For a reader this only makes room: the broker holds back while its queue size is out unanswered.
      socket.send(JSON.stringify({ messageId: message.id }));
      return message;
    },
    close: () => socket.close(),
  };
}

/** Undefined for a frame that carries no message, such as the answer to a command. */
function asMessage(frame: Readonly<Record<string, unknown>>): Message | undefined {
  if (typeof frame.messageId !== 'string' || typeof frame.payload !== 'string') return undefined;
  return {
    id: frame.messageId,
    data: Buffer.from(frame.payload, 'base64'),
    key: typeof frame.key === 'string' ? frame.key : undefined,
    properties: (frame.properties ?? {}) as Readonly<Record<string, string>>,
    publishedAt: Date.parse(String(frame.publishTime)),
    redeliveries: Number(frame.redeliveryCount ?? 0),
  };
}
