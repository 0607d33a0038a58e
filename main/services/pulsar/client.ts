/** One Pulsar: messages over whichever transport reaches it, and its admin API. */
import type { Connection } from '../kind.ts';
import { type PulsarAdmin, pulsarAdmin } from './admin.ts';
import type { Transport } from './messaging.ts';
import { chooseTransport } from './transport.ts';

export interface PulsarClient {
  readonly messages: Transport;
  readonly admin: PulsarAdmin;
  close(): Promise<void>;
}

/** @throws NoodleError wrong-password, service-unreachable, not-supported-by-server (a transport asked for that cannot be had) */
export async function openPulsar(connection: Connection, signal?: AbortSignal): Promise<PulsarClient> {
  const admin = pulsarAdmin(connection);
  // Asked before the transport opens anything: this answer says why when the broker cannot be reached.
  await admin.tenants(signal);
  const { transport } = await chooseTransport(connection, signal);
  return { messages: transport, admin, close: () => transport.close() };
}
