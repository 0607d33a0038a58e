import { once } from 'node:events';
import { WebSocket } from 'ws';
import { limits } from '../../../limits.ts';
import { abortable, connecting, unreachable } from '../../connect.ts';
import type { Connection } from '../../kind.ts';
import { tlsOptions } from '../../tls.ts';
import { classify, PulsarHttpError } from '../errors.ts';
import { authorization } from '../http.ts';
import { segments } from '../topic.ts';

/** One conversation with the broker's WebSocket API, in frames of JSON: https://pulsar.apache.org/docs/4.0.x/client-libraries-websocket/ */
export interface Socket {
  send(frame: string): void;
  /** Several frames in one write. */
  sendAll(frame: string, times: number): void;
  /** Says goodbye and waits until what was sent before has arrived. */
  close(): Promise<void>;
}

export interface Listener {
  /** Frames may come before `openSocket` has returned. */
  onFrame(frame: Readonly<Record<string, unknown>>): void;
  /** The conversation has ended, by whichever side. */
  onEnd(error: Error): void;
}

/** @throws NoodleError wrong-password, service-unreachable; PulsarHttpError when the broker refuses the topic or subscription */
export async function openSocket(
  connection: Connection,
  path: readonly string[],
  query: Readonly<Record<string, string>>,
  listener: Listener,
  signal: AbortSignal | undefined,
  pauses: readonly number[] = limits.connectRetries,
): Promise<Socket> {
  const url = new URL(`${connection.parts.wsUrl}/${segments(path)}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const socket = await connecting(() => dial(url, connection, listener, signal), connection, classify, signal, pauses);
  // The broker ends a conversation in which nothing was said for five minutes.
  const ping = setInterval(() => socket.ping(), limits.topicsPing);
  ping.unref();

  socket.on('error', () => {}); // 'close' follows
  socket.on('close', (code, reason) => {
    clearInterval(ping);
    listener.onEnd(unreachable('Pulsar', connection, new Error(`The connection was closed (${code} ${reason}).`)));
  });
  return {
    send: (frame) => socket.send(frame),
    sendAll(frame, times) {
      const stream = (socket as unknown as { readonly _socket?: { cork(): void; uncork(): void } })._socket;
      stream?.cork();
      for (let sent = 0; sent < times; sent++) socket.send(frame);
      stream?.uncork();
    },
    async close() {
      if (socket.readyState === WebSocket.CLOSED) return;
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

/** Resolves once the broker has made the producer, consumer or reader: only then does it answer the handshake. */
async function dial(url: URL, connection: Connection, listener: Listener, signal: AbortSignal | undefined): Promise<WebSocket> {
  const socket = new WebSocket(url, {
    headers: authorization(connection),
    ...tlsOptions(connection),
    handshakeTimeout: limits.connectTimeout,
    perMessageDeflate: false,
    maxPayload: limits.topicsFrameBytes,
  });
  const refused = new Promise<never>((_, reject) => {
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      reject(new PulsarHttpError(response.statusCode ?? 0, response.statusMessage ?? ''));
    });
    socket.once('error', reject);
  });
  // The first frame may come together with the handshake, and is told before anyone hears of that.
  socket.on('message', (data) => listener.onFrame(JSON.parse(String(data))));
  const opened = once(socket, 'open');
  try {
    await abortable(Promise.race([opened, refused]), signal);
    return socket;
  } catch (error) {
    opened.catch(() => {});
    socket.once('error', () => {}); // terminating a socket that is still connecting is an error of its own
    socket.terminate();
    throw error;
  }
}
