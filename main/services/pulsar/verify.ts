import type { Connection, ServerFacts } from '../kind.ts';
import { pulsarAdmin } from './admin.ts';
import { chooseTransport } from './transport.ts';

/** Asks as the real user what the server is, and by which transport messages would go. */
export async function verify(connection: Connection, signal: AbortSignal): Promise<ServerFacts> {
  const admin = pulsarAdmin(connection);
  // Only a superuser may list tenants: the version alone is told to anyone with a token.
  const [version] = await Promise.all([admin.version(signal), admin.tenants(signal)]);
  const { transport, reason } = await chooseTransport(connection, signal);
  await transport.close();
  return { version, notes: [reason] };
}
