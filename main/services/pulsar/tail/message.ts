/** Single messages and short stretches, read by readers that leave nothing behind. */
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { abortable } from '../../connect.ts';
import type { Broker } from '../broker.ts';
import { forPeople } from '../broker.ts';
import { afterEntry, afterWhich, compareIds, decodeId, idText, type MessageId } from '../message-id.ts';
import type { Topic } from '../topic.ts';
import { openSocket, type Socket } from '../websocket/socket.ts';
import { lastId } from './ends.ts';
import { asRaw, type RawMessage } from './raw.ts';

/** Messages on their way at once: with a queue of one, a reader that begins after an id never gets anything (4.0.7). */
const fewest = 4;

/** One message of a topic that is no partitioned one. @throws NoodleError not-found */
export async function readMessage(broker: Broker, topic: Topic, id: MessageId, signal: AbortSignal): Promise<RawMessage> {
  for await (const message of readStretch(broker, topic, afterWhich(id), signal, fewest)) {
    const found = decodeId(message.messageId);
    const same = found.ledger === id.ledger && found.entry === id.entry;
    if (same && (id.batch < 0 || found.batch === id.batch)) return message;
    if (!same) break;
  }
  throw new NoodleError({
    code: 'not-found',
    what: `There is no message ${idText(id)}.`,
    why: 'It was never there, or the retention of the topic has let it go.',
  });
}

/**
 * What a topic holds from a place on up to its end as it is now; what comes later is not waited for.
 * @param after an id in base64, or `earliest`
 * @param queue messages on their way at once
 */
export async function* readStretch(
  broker: Broker,
  topic: Topic,
  after: string,
  signal: AbortSignal,
  queue: number = limits.topicsReaderQueue,
): AsyncGenerator<RawMessage> {
  const last = await lastId(broker, topic, signal);
  if (last.entry < 0n || (after !== 'earliest' && compareIds(decodeId(after), decodeId(afterEntry(last))) >= 0)) return;
  let come: RawMessage[] = [];
  let ended: Error | undefined;
  let wake = Promise.withResolvers<void>();
  const socket = await openReader(
    broker,
    topic,
    after,
    queue,
    {
      onFrame: (frame) => {
        const raw = asRaw(frame);
        if (!raw) return;
        come.push(raw);
        wake.resolve();
      },
      onEnd: (error) => {
        ended = error;
        wake.resolve();
      },
    },
    signal,
  );
  try {
    for (;;) {
      const batch = come;
      come = [];
      if (batch.length > 0) socket.sendAll('{}', batch.length);
      for (const raw of batch) {
        const id = decodeId(raw.messageId);
        const order = compareIds({ ...id, batch: -1 }, { ...last, batch: -1 });
        if (order > 0) return;
        yield raw;
        // The last entry may be a batch: its messages follow each other.
        if (order === 0 && (id.batch < 0 || id.batch === id.batchSize - 1)) return;
      }
      if (come.length > 0) continue;
      if (ended) throw ended;
      wake = Promise.withResolvers<void>();
      const quiet = AbortSignal.any([signal, AbortSignal.timeout(limits.topicsMessageWait)]);
      try {
        await abortable(wake.promise, quiet);
      } catch (error) {
        // Its last entry may be a marker or a message that is not for readers.
        if (signal.aborted) throw error;
        return;
      }
    }
  } finally {
    await socket.close();
  }
}

export async function openReader(
  broker: Broker,
  topic: Topic,
  after: string,
  queue: number,
  listener: Parameters<typeof openSocket>[3],
  signal: AbortSignal | undefined,
): Promise<Socket> {
  const query = { messageId: after, receiverQueueSize: String(queue) };
  try {
    return await openSocket(
      broker.connection,
      ['reader', 'persistent', topic.tenant, topic.namespace, topic.name],
      query,
      listener,
      signal,
      [],
    );
  } catch (error) {
    throw forPeople(error, broker.connection);
  }
}
