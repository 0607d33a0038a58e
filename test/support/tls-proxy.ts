/** TLS in front of a real server, as a proxy in a network has it. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.ts';

export interface TlsProxy {
  readonly port: number;
  /** Bytes that clients have sent once they had seen the certificate. */
  sent(): number;
  /** What is shown to those who connect from now on; what they send is counted anew. */
  show(certificate: Certificate): void;
  close(): Promise<void>;
}

/** SSLRequest: https://www.postgresql.org/docs/17/protocol-message-formats.html */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** @param asked whether a client asks for TLS first, as PostgreSQL's do */
export async function openTlsProxy(
  target: { readonly host: string; readonly port: number },
  certificate: Certificate,
  asked: boolean,
): Promise<TlsProxy> {
  let shown = certificate;
  let sent = 0;
  const sockets = new Set<Socket>();
  const secured = (socket: Socket) => {
    const { cert, key } = shown;
    const client = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ cert, key }) });
    const server = connect(target.port, target.host);
    sockets.add(server);
    client.on('data', (bytes: Buffer) => {
      sent += bytes.length;
    });
    client.pipe(server).pipe(client);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  };
  const proxy = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (!asked) return secured(socket);
    socket.once('data', (bytes) => {
      if (!bytes.equals(sslRequest)) return socket.destroy();
      socket.write('S');
      secured(socket);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    sent: () => sent,
    show(next) {
      [shown, sent] = [next, 0];
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
