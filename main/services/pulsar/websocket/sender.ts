/** A producer that hands on what panels publish: payloads as they came, event times, ids. */
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { type Broker, forPeople, mustExist } from '../broker.ts';
import type { Topic } from '../topic.ts';
import { openSocket } from './socket.ts';

export interface Sending {
  /** In base64. */
  readonly payload: string;
  readonly key?: string;
  readonly properties?: Readonly<Record<string, string>>;
  /** ms since the epoch */
  readonly eventTime?: number;
}

export interface Sender {
  /** Resolves with the message's id, in base64, once the broker has it. What is sent first is stored first. */
  send(message: Sending): Promise<string>;
  close(): Promise<void>;
}

/** @param batches many messages are sent together @throws NoodleError not-found */
export async function openSender(broker: Broker, topic: Topic, batches: boolean, signal: AbortSignal): Promise<Sender> {
  await mustExist(broker, topic, signal);
  const waiting = new Map<string, PromiseWithResolvers<string>>();
  let ended: Error | undefined;
  let sent = 0;
  const query = {
    sendTimeoutMillis: String(limits.pulsarSendTimeout),
    maxPendingMessages: String(limits.pulsarBatchMessages),
    batchingEnabled: String(batches),
    batchingMaxMessages: String(limits.pulsarBatchMessages),
    batchingMaxPublishDelay: String(limits.pulsarBatchDelay),
  };
  const listener = {
    onFrame({ context, result, messageId, errorMsg }: Readonly<Record<string, unknown>>) {
      const found = waiting.get(String(context));
      waiting.delete(String(context));
      if (result === 'ok') found?.resolve(String(messageId));
      else found?.reject(refused(String(errorMsg ?? result)));
    },
    onEnd(error: Error) {
      ended = error;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    },
  };
  const opening = openSocket(
    broker.connection,
    ['producer', 'persistent', topic.tenant, topic.namespace, topic.name],
    query,
    listener,
    signal,
    [],
  );
  const socket = await opening.catch((error) => {
    throw forPeople(error, broker.connection);
  });
  return {
    async send({ payload, key, properties, eventTime }) {
      if (ended) throw ended;
      const context = String(sent++);
      const frame = JSON.stringify({
        payload,
        key,
        properties,
        ...(eventTime === undefined ? {} : { eventTime: new Date(eventTime).toISOString() }),
        context,
      });
      const bytes = Buffer.byteLength(frame);
      if (bytes > limits.pulsarFrameBytes) throw tooLarge(bytes);
      const answer = Promise.withResolvers<string>();
      waiting.set(context, answer);
      socket.send(frame);
      return answer.promise;
    },
    close: () => socket.close(),
  };
}

function refused(why: string): NoodleError {
  return new NoodleError({ code: 'query-failed', what: 'Pulsar did not store the message.', why });
}

function tooLarge(bytes: number): NoodleError {
  return new NoodleError({
    code: 'too-large',
    what: "The message is too large for Pulsar's WebSocket API.",
    why: `It has ${bytes.toLocaleString('en-US')} bytes as it would be sent; ${limits.pulsarFrameBytes.toLocaleString('en-US')} are the most.`,
    todo: 'Send a smaller message, or raise webSocketMaxTextFrameSize in the broker.',
  });
}
