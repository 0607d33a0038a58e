import { NoodleError } from '../../errors.ts';
import { connecting } from '../connect.ts';
import type { Connection } from '../kind.ts';
import { classify } from './errors.ts';
import { fetchPulsar } from './http.ts';
import type { Transport, TransportChoice } from './messaging.ts';

export interface ChosenTransport {
  readonly transport: Transport;
  /** Why this one, in words. */
  readonly reason: string;
}

/** The setting, carried by the connection's parts as `transport`; `auto` when there is none. */
export function transportChoice({ parts }: Connection): TransportChoice {
  return parts.transport === 'native' || parts.transport === 'websocket' ? parts.transport : 'auto';
}

/** @throws NoodleError not-supported-by-server when `native` is asked for and cannot be had */
export async function chooseTransport(connection: Connection, signal?: AbortSignal): Promise<ChosenTransport> {
  const choice = transportChoice(connection);
  const websocket = async (reason: string) => {
    const { websocketTransport } = await import('./websocket/transport.ts');
    return { transport: websocketTransport(connection), reason };
  };
  if (choice === 'websocket') return websocket('Messages go through the WebSocket API, as set.');

  const { loadLibrary } = await import('./native/library.ts');
  const library = await loadLibrary();
  const lack = library ? await lackOfListener(connection, signal) : 'pulsar-client is not installed here';
  if (library && lack === undefined) {
    const { nativeTransport } = await import('./native/transport.ts');
    return { transport: nativeTransport(library, connection), reason: 'Messages go through pulsar-client.' };
  }
  if (choice === 'auto') return websocket(`Messages go through the WebSocket API: ${lack}.`);
  throw new NoodleError({
    code: 'not-supported-by-server',
    what: 'The native transport of Pulsar was asked for and cannot be used.',
    why: `${lack}.`,
    todo: 'Set the Pulsar transport to auto or websocket.',
  });
}

/**
 * A native client is sent on to the address the broker advertises. With a port mapped to another number that is a place
 * where nobody listens, or where another stack's broker does.
 */
async function lackOfListener(connection: Connection, signal: AbortSignal | undefined): Promise<string | undefined> {
  const path = ['lookup', 'v2', 'topic', 'persistent', 'public', 'default', 'compilation-events'];
  const answer = await connecting(() => fetchPulsar(connection, 'GET', path, { signal }), connection, classify, signal);
  const { brokerUrl } = (await answer.json()) as { readonly brokerUrl?: string };
  const loopback = (url: string) => url.replace('//localhost:', '//127.0.0.1:');
  if (brokerUrl !== undefined && loopback(brokerUrl) === loopback(connection.url)) return undefined;
  return `the broker advertises ${brokerUrl ?? 'no address'}, which is not ${connection.url}`;
}
