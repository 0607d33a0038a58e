/**
 * A topic read by Pulsar's own protocol, an entry at a time as the broker keeps them: many times quicker than messages
 * over the WebSocket API. The reader has a cursor that is not kept, so it moves no subscription and leaves nothing behind.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { abortable, connecting, unreachable } from '../../connect.ts';
import type { Connection } from '../../kind.ts';
import { classify, PulsarHttpError } from '../errors.ts';
import { idOf } from '../message-id.ts';
import { type Topic, topicUrl } from '../topic.ts';
import { type EntryMetadata, metadataOf } from './entry.ts';
import { type Frame, FrameSplitter, frameOf } from './frames.ts';
import { fieldsOf } from './protobuf.ts';

export interface ReadEntry extends EntryMetadata {
  readonly ledger: bigint;
  readonly entry: bigint;
}

const consumer = 1;
const request = 1;
/** Version 12 of the protocol is Pulsar 2.1's; nothing later is used. */
const protocolVersion = 12;

/**
 * All entries from the first on, as they come: the caller leaves when it has what it wants. Ends when nothing has come for
 * `limits.topicsMessageWait`.
 * @param topic none that is partitioned
 * @throws NoodleError service-unreachable, wrong-password, not-found, query-failed
 */
export async function* readEntries(connection: Connection, topic: Topic, signal: AbortSignal): AsyncGenerator<ReadEntry> {
  const socket = await connecting(() => dial(connection, signal), connection, classify, signal, []);
  try {
    const frames = framesOf(socket, connection, signal);
    const { token } = connection.parts;
    const authentication = token ? { 3: token, 5: 'token' } : {};
    socket.write(frameOf('connect', { 1: 'noodlebox', 4: protocolVersion, ...authentication }));
    await answered(frames, socket, 'connected', connection);
    socket.write(
      frameOf('subscribe', {
        1: topicUrl(topic),
        2: `noodlebox-${randomBytes(6).toString('hex')}`,
        3: 0, // exclusive
        4: consumer,
        5: request,
        8: 0, // not durable
        9: earliest,
        15: 0, // a topic that is not there is not made
      }),
    );
    await answered(frames, socket, 'success', connection);
    socket.write(frameOf('flow', { 1: consumer, 2: limits.topicsWirePermits }));
    let taken = 0;
    for await (const frame of frames) {
      if (frame.name === 'ping') socket.write(frameOf('pong', {}));
      if (frame.name === 'error') throw refused(frame, connection);
      if (frame.name === 'closeConsumer') throw unreachable('Pulsar', connection, new Error('The broker let go of the topic.'));
      if (frame.name !== 'message') continue;
      const entry = entryOf(frame);
      yield entry;
      taken += entry.messages ?? 1;
      if (taken < limits.topicsWirePermits / 2) continue;
      socket.write(frameOf('flow', { 1: consumer, 2: taken }));
      taken = 0;
    }
  } finally {
    socket.end(frameOf('closeConsumer', { 1: consumer, 2: request + 1 }));
    socket.destroySoon();
  }
}

/** `MessageIdData` of what stands before the first message. */
const earliest = Buffer.from('08ffffffffffffffffff0110ffffffffffffffffff01', 'hex');

async function dial(connection: Connection, signal: AbortSignal): Promise<Socket> {
  const { host, port } = connection;
  const socket = connect({ host, port, noDelay: true });
  try {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once('connect', resolve).once('error', reject);
    await abortable(promise, AbortSignal.any([signal, AbortSignal.timeout(limits.connectTimeout)]));
    return socket;
  } catch (error) {
    socket.on('error', () => {}).destroy();
    throw error;
  }
}

/** Ends when nothing has come for a while. Whoever reads slowly slows the broker down. */
async function* framesOf(socket: Socket, connection: Connection, signal: AbortSignal): AsyncGenerator<Frame> {
  const splitter = new FrameSplitter();
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    const quiet = AbortSignal.timeout(limits.topicsMessageWait);
    let chunk: IteratorResult<Buffer>;
    try {
      chunk = await abortable(chunks.next(), AbortSignal.any([signal, quiet]));
    } catch (error) {
      signal.throwIfAborted();
      if (quiet.aborted) return;
      throw classify(error, connection) ?? error;
    }
    if (chunk.done) throw unreachable('Pulsar', connection, new Error('The broker ended the conversation.'));
    yield* splitter.split(chunk.value);
  }
}

async function answered(
  frames: AsyncGenerator<Frame>,
  socket: Socket,
  name: 'connected' | 'success',
  connection: Connection,
): Promise<void> {
  for (;;) {
    const { value: frame, done } = await frames.next();
    if (done) throw unreachable('Pulsar', connection, new Error(`The broker did not answer (${name}).`));
    if (frame.name === name) return;
    if (frame.name === 'error') throw refused(frame, connection);
    if (frame.name === 'ping') socket.write(frameOf('pong', {}));
  }
}

/** `ServerError` */
const codes = { authentication: 3n, authorization: 4n, notReady: 6n, topicNotFound: 11n } as const;

function refused({ command }: Frame, connection: Connection): unknown {
  let code = 0n;
  let why = '';
  for (const { field, value, bytes } of fieldsOf(command)) {
    if (field === 2) code = value;
    if (field === 3) why = bytes.toString();
  }
  if (code === codes.authentication || code === codes.authorization) return classify(new PulsarHttpError(401, why), connection);
  if (code === codes.notReady) return unreachable('Pulsar', connection, new Error(why));
  if (code === codes.topicNotFound) return new NoodleError({ code: 'not-found', what: 'Pulsar does not have this.', why });
  return new NoodleError({ code: 'query-failed', what: 'Pulsar could not do this.', why });
}

function entryOf({ command, rest }: Frame): ReadEntry {
  for (const { field, bytes } of fieldsOf(command)) {
    const id = field === 2 ? idOf(bytes) : undefined;
    if (id) return { ledger: id.ledger, entry: id.entry, ...metadataOf(rest) };
  }
  throw new RangeError('a message without an id');
}
