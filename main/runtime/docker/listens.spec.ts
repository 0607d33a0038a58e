import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { serviceSpec } from '../../../test/support/specs.ts';
import { listens } from './listens.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => servers.splice(0).forEach((server) => void server.close()));

async function serviceBehind(...proxies: ((socket: Socket) => void)[]) {
  const ports = await Promise.all(
    proxies.map(async (proxy) => {
      const server = createServer(proxy);
      servers.push(server);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return { target: 1, published: (server.address() as AddressInfo).port, hostIp: '127.0.0.1', protocol: 'tcp' as const };
    }),
  );
  return serviceSpec('db', { ports });
}

it('a server that keeps the connection listens, whether it speaks first or not', async () => {
  expect(await listens(await serviceBehind((socket) => socket.resume()))).toBe(true);
  expect(await listens(await serviceBehind((socket) => socket.write('220 ready\r\n')))).toBe(true);
});

it('a proxy that ends or resets the connection at once has no server behind it', async () => {
  expect(await listens(await serviceBehind((socket) => socket.end()))).toBe(false);
  expect(await listens(await serviceBehind((socket) => socket.resetAndDestroy()))).toBe(false);
});

it('one of two ports without a server is enough to wait', async () => {
  expect(
    await listens(
      await serviceBehind(
        (socket) => socket.resume(),
        (socket) => socket.end(),
      ),
    ),
  ).toBe(false);
});

it('where no proxy is, or nothing is published, only the health check can tell', async () => {
  expect(await listens(serviceSpec('db'))).toBe(true);
  const spec = await serviceBehind(() => {});
  await new Promise((done) => servers.splice(0)[0]!.close(done));
  expect(await listens(spec)).toBe(true);
});
