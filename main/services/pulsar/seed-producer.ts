/**
 * Sends seed events so that none is there twice, whatever was cut off. The producer always has the same
 * name, and its sequence ids are the events' positions in the data: so the last entry of that name tells
 * how many have arrived. The broker lets only one producer of a name in, so once this one is open, nothing
 * of an earlier one is still on its way. It uses the WebSocket API, which every stack's broker serves.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '../../limits.ts';
import { unreachable } from '../connect.ts';
import type { Connection } from '../kind.ts';
import type { PulsarAdmin } from './admin.ts';
import { PulsarHttpError } from './errors.ts';
import { fetchPulsar } from './http.ts';
import type { OutgoingMessage } from './messaging.ts';
import { stackTopic } from './topic.ts';
import { openSocket, type Socket } from './websocket/socket.ts';

const producerName = 'noodlebox-seed';

export interface SeedProducer {
  /** Events that the topic held when this producer was opened. */
  readonly arrived: number;
  /** Sends them in order, in batches, and returns when the broker has stored them all. */
  send(messages: Iterable<OutgoingMessage>): Promise<void>;
  close(): Promise<void>;
}

interface Turn {
  readonly frames: Iterator<string>;
  inFlight: number;
  exhausted: boolean;
  resolve(): void;
  reject(error: Error): void;
}

/** @param start the topic's last entry when the load began, as `ledger:entry`: what is older is not of this load */
export async function openSeedProducer(
  connection: Connection,
  admin: PulsarAdmin,
  topic: string,
  start: string | undefined,
): Promise<SeedProducer> {
  // The name is taken with any sequence first: only then is it certain how many have arrived.
  const fence = await dial(connection, topic, -1, { onFrame: () => {}, onEnd: () => {} });
  const arrived = await countArrived(connection, admin, topic, start);
  await fence.close();

  let turn: Turn | undefined;
  let ended: Error | undefined;
  const fail = (error: Error) => {
    ended = error;
    turn?.reject(error);
  };
  const socket = await dial(connection, topic, arrived - 1, {
    onFrame({ result, errorMsg }) {
      if (result !== 'ok') return fail(unreachable('Pulsar', connection, new Error(`It did not store an event: ${errorMsg ?? result}`)));
      if (!turn) return;
      turn.inFlight--;
      fill(turn, socket);
    },
    onEnd: fail,
  });
  return {
    arrived,
    send: (messages) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        turn = { frames: framesOf(messages), inFlight: 0, exhausted: false, resolve, reject };
        fill(turn, socket);
      }),
    close: () => socket.close(),
  };
}

/** Keeps as many in flight as the broker takes at once. */
function fill(turn: Turn, socket: Socket): void {
  while (!turn.exhausted && turn.inFlight < limits.pulsarBatchMessages) {
    const next = turn.frames.next();
    if (next.done) turn.exhausted = true;
    else {
      socket.send(next.value);
      turn.inFlight++;
    }
  }
  if (turn.exhausted && turn.inFlight === 0) turn.resolve();
}

function* framesOf(messages: Iterable<OutgoingMessage>): Iterator<string> {
  for (const { data, key } of messages) yield JSON.stringify({ payload: Buffer.from(data).toString('base64'), key });
}

/** While the broker still holds the name for a producer that was cut off, it refuses another one (409). */
async function dial(connection: Connection, topic: string, sequence: number, listener: Parameters<typeof openSocket>[3]): Promise<Socket> {
  const query = {
    producerName,
    initialSequenceId: String(sequence),
    sendTimeoutMillis: String(limits.pulsarSendTimeout),
    maxPendingMessages: String(limits.pulsarBatchMessages),
    batchingEnabled: 'true',
    batchingMaxMessages: String(limits.pulsarBatchMessages),
    batchingMaxPublishDelay: String(limits.pulsarBatchDelay),
  };
  const until = Date.now() + limits.connectTimeout;
  for (;;) {
    try {
      return await openSocket(connection, ['producer', 'persistent', 'public', 'default', topic], query, listener, undefined);
    } catch (error) {
      if (!(error instanceof PulsarHttpError) || error.status !== 409 || Date.now() > until) throw error;
      await sleep(limits.probeInterval);
    }
  }
}

/** Looks back from the newest entry for one of the name; entries of others that came in between are passed over. */
async function countArrived(connection: Connection, admin: PulsarAdmin, topic: string, start: string | undefined): Promise<number> {
  const { lastConfirmedEntry, ledgers } = await admin.internalStats(stackTopic(topic));
  const [startLedger, startEntry] = positionOf(start ?? '-1:-1');
  const [lastLedger, lastEntry] = positionOf(lastConfirmedEntry);
  for (const { ledgerId, entries } of ledgers.toReversed()) {
    if (ledgerId < startLedger || ledgerId > lastLedger) continue;
    const oldest = ledgerId === startLedger ? startEntry + 1 : 0;
    for (let entry = ledgerId === lastLedger ? lastEntry : entries - 1; entry >= oldest; entry--) {
      const path = ['admin', 'v2', 'persistent', 'public', 'default', topic, 'ledger', String(ledgerId), 'entry', String(entry)];
      const { headers } = await fetchPulsar(connection, 'GET', path);
      if (headers.get('x-pulsar-producer-name') !== producerName) continue;
      return Number(headers.get('x-pulsar-highest-sequence-id') ?? headers.get('x-pulsar-sequence-id')) + 1;
    }
  }
  return 0;
}

function positionOf(text: string): readonly [ledger: number, entry: number] {
  const [ledger, entry] = text.split(':');
  return [Number(ledger), Number(entry)];
}
