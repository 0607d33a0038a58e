/** A cheap look at whether a starting server could answer at all, before a health check is run inside its container. */
import { connect } from 'node:net';
import { limits } from '../../limits.ts';
import type { ServiceSpec } from '../spec.ts';

/**
 * False while one of its published ports leads nowhere: the engine's proxy takes the connection for a server that
 * does not listen yet, and ends it at once. Where that cannot be told (no proxy, nothing published) it is true.
 */
export async function listens({ ports }: ServiceSpec): Promise<boolean> {
  const published = ports.flatMap(({ published, hostIp }) =>
    published === undefined ? [] : [{ port: published, host: hostIp || '127.0.0.1' }],
  );
  const staysOpen = await Promise.all(published.map(opened));
  return !staysOpen.includes(false);
}

function opened(place: { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(place);
    const settle = (open: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(open);
    };
    const timer = setTimeout(() => settle(true), limits.portStaysOpen);
    // Refused: there is no proxy, or no container. The health check tells which.
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code !== 'ECONNRESET'));
    socket.once('end', () => settle(false));
    socket.resume();
  });
}
