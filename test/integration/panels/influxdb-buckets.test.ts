import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { openSession } from '../../../main/services/influxdb/session.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';
import { type Bed, collect, influxBed, never } from './influxdb-bed.ts';

let servers: Servers;
let shared: Bed | undefined;
beforeAll(async () => {
  servers = await withServers(['influxdb']);
});
afterAll(async () => {
  await shared?.close();
  await servers?.close();
});

async function bed(test: TestContext): Promise<Bed> {
  shared ??= await influxBed(connectionOf(servers, 'influxdb', test));
  return shared;
}

const start = Date.parse('2026-01-01T00:00:00Z');
const hour = 3_600_000;

describe('buckets', () => {
  it('are made, kept for another time, and deleted', async (test) => {
    const { session, write } = await bed(test);
    const name = `été ✓ ${crypto.randomUUID()}`;
    const made = await session.buckets.create({ name, retention: 7 * 86_400, description: 'of a test' }, never);
    expect(made).toMatchObject({ name, retention: 7 * 86_400, system: false });
    await expect(session.buckets.create({ name, retention: 0, description: '' }, never)).rejects.toMatchObject({ code: 'conflict' });
    await expect(session.buckets.create({ name: '_mine', retention: 0, description: '' }, never)).rejects.toMatchObject({
      code: 'bad-argument',
    });
    const now = Date.now();
    await write(name, [`m v=1 ${now - 3 * 86_400_000}`, `m v=1 ${now - hour}`]);
    expect(await session.buckets.older(name, 86_400, never)).toBe(1);
    expect(await session.buckets.losses(name, never)).toEqual([`The bucket ${name}`, '2 points', '1 measurement: m']);
    expect(await session.buckets.keep(made.id, 86_400, never)).toMatchObject({ retention: 86_400 });
    await session.buckets.remove(made.id, never);
    expect((await session.buckets.list(never)).map((each) => each.name)).not.toContain(name);
    await expect(session.buckets.remove(made.id, never)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('that are the server’s own stay', async (test) => {
    const { session } = await bed(test);
    const own = (await session.buckets.list(never)).find(({ system }) => system)!;
    await expect(session.buckets.remove(own.id, never)).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('tell how many series they hold, and what makes them many', async (test) => {
    const { session, bucket, write } = await bed(test);
    const name = await bucket();
    await write(
      name,
      Array.from({ length: 40 }, (_, index) => `many,id=${index},half=${index % 2} v=1 ${start}`),
    );
    await write(name, [`few v=1 ${start}`]);
    expect(await session.catalog.cardinality(name, never)).toEqual({
      series: 41,
      measurements: [{ name: 'many', series: 40 }, { name: 'few', series: 1 }],
      cut: false,
    }); // biome-ignore format: a list
    expect(await session.catalog.tagCardinality(name, 'many', never)).toEqual([{ key: 'id', values: 40 }, { key: 'half', values: 2 }]); // biome-ignore format: one line
  });
});

describe('a server that goes away', () => {
  it('is told as such at once, and answers the same session when it is back', async (test) => {
    const connection = connectionOf(servers, 'influxdb', test);
    let way: { readonly server: Server; readonly sockets: Set<Socket> } = await openWay(connection.port, 0);
    const { port } = way.server.address() as { readonly port: number };
    const session = await openSession(
      { ...connection, port, url: `http://127.0.0.1:${port}` },
      { spool: async () => (await bed(test)).folder },
    );
    expect(await session.buckets.list(never)).not.toEqual([]);
    await closeWay(way);
    await expect(session.buckets.list(never)).rejects.toMatchObject({ code: 'service-unreachable' });
    await expect(collect(session.flux.rows('buckets()', session.flux.variables({ last: hour }, 100), never))).rejects.toMatchObject({
      code: 'service-unreachable',
    });
    way = await openWay(connection.port, port);
    expect(await session.buckets.list(never)).not.toEqual([]);
    await session.close();
    await closeWay(way);
  });
});

/** A way to the server that can be closed while the server goes on. */
async function openWay(to: number, port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const out = connect(to, '127.0.0.1');
    for (const each of [socket, out]) {
      sockets.add(each);
      each.on('error', () => {});
      each.on('close', () => sockets.delete(each));
    }
    socket.pipe(out).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, sockets };
}

async function closeWay({ server, sockets }: { readonly server: Server; readonly sockets: Set<Socket> }) {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
}
