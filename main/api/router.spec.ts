import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCHandler as PortHandler } from '@orpc/server/message-port';
import { RPCHandler as SocketHandler } from '@orpc/server/ws';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { Contract } from '../../preload/contract/index.ts';
import { createFakeCore, type FakeCore } from '../../test/support/fake-core.ts';
import { createTasks } from '../core/tasks.ts';
import { NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import { createRouter, type Router } from './router.ts';

type Client = ContractRouterClient<Contract>;
interface Connected {
  readonly client: Client;
  disconnect(): Promise<void>;
}

const ways: Readonly<Record<string, (router: Router) => Promise<Connected>>> = {
  async 'a WebSocket'(router) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    const handler = new SocketHandler(router);
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      handler.upgrade(socket);
    });
    await once(server, 'listening');
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    // One that is cut off in the middle of a word may say so; that is what is tried here.
    socket.on('error', () => {});
    const link = new SocketLink({ websocket: socket as unknown as globalThis.WebSocket });
    return {
      client: createORPCClient(link),
      async disconnect() {
        socket.terminate();
        for (const client of server.clients) client.terminate();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },

  async 'a MessagePort'(router) {
    const { port1, port2 } = new MessageChannel();
    new PortHandler(router).upgrade(port1);
    port1.start();
    port2.start();
    return {
      client: createORPCClient(new PortLink({ port: port2 })),
      async disconnect() {
        port2.close();
        await once(port1, 'close');
      },
    };
  },
};

describe.each(Object.entries(ways))('the API over %s', (_name, connect) => {
  let core: FakeCore;
  let connected: Connected;
  let client: Client;

  beforeEach(async () => {
    core = createFakeCore();
    connected = await connect(createRouter({ core, tasks: createTasks(), door: 'web', version: '1.2.3' }));
    client = connected.client;
  });
  afterEach(() => connected.disconnect());

  test('answers what the core answers', async () => {
    expect(await client.app.info()).toMatchObject({ version: '1.2.3', door: 'web', home: '/nowhere' });
    expect(await client.stack.status({ stack: 'noodlebox' })).toEqual(core.status);
    expect(await client.app.settings.set({ theme: 'dark' })).toMatchObject({ theme: 'dark', onQuit: 'keep' });
  });

  test('tells an error with its words, its way out, and nothing of where it was thrown', async () => {
    const error = await client.stack.connection({ stack: 'noodlebox', service: 'mysql' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ORPCError);
    expect((error as ORPCError<string, unknown>).data).toEqual({
      code: 'unknown-service',
      what: 'There is no service "mysql".',
      todo: 'Name one of postgres, redis.',
    });
    expect(JSON.stringify(error)).not.toContain('.ts:');
  });

  test('refuses input that the contract does not allow, before the core is asked', async () => {
    await expect(client.stack.status({ stack: '../etc' })).rejects.toThrow();
    await expect(client.seeding.run({ stack: 'noodlebox', scale: -1 })).rejects.toThrow();
    expect(core.asked).toEqual([]);
  });

  test('a task is watched from its first event to its result, by a window that opens late too', async () => {
    core.events = [{ type: 'notice', level: 'info', message: 'Port 5432 is taken, 5433 is used.' }];
    const { id, title } = await client.stack.up({ stack: 'noodlebox', services: ['redis'] });
    expect(title).toBe('Starting redis');
    for (const stream of ['early-window', 'later-window']) {
      const events = [];
      for await (const batch of await client.tasks.watch({ task: id, stream })) events.push(...batch);
      expect(events.map(({ type }) => type)).toEqual(['notice', 'result']);
      expect(events.at(-1)).toMatchObject({ ok: true });
    }
    expect(core.asked).toContain('up redis');
  });

  test('a task that failed tells its problem, and one that was cancelled says so', async () => {
    core.failure = new NoodleError({ code: 'no-engine', what: 'No engine answers.' });
    const failed = await client.stack.up({ stack: 'noodlebox' });
    await vi.waitFor(async () =>
      expect(await client.tasks.list({ stack: 'noodlebox' })).toMatchObject([
        { id: failed.id, state: 'failed', problem: { code: 'no-engine' } },
      ]),
    );

    core.failure = undefined;
    core.hang = true;
    const cancelled = await client.stack.reset({ stack: 'noodlebox' });
    await client.tasks.cancel({ task: cancelled.id });
    await vi.waitFor(async () =>
      expect((await client.tasks.list({ stack: 'noodlebox' })).find(({ id }) => id === cancelled.id)).toMatchObject({ state: 'cancelled' }),
    );
  });

  test('a stream sends no more than its reader has granted, and then the newest', async () => {
    const stream = await client.stack.watch({ stack: 'noodlebox', stream: 'slow-reader' });
    for (let told = 0; told < limits.streamCredit; told++) {
      await stream.next();
      core.change('starting');
    }
    let late: unknown;
    const waiting = stream.next().then((result) => {
      late = result.value;
    });
    core.change('stopped');
    core.change('exited');
    await client.app.info();
    expect(late).toBeUndefined();
    await client.streams.grant({ stream: 'slow-reader', credit: 1 });
    await waiting;
    expect(late).toMatchObject({ overall: 'exited' });
    await stream.return?.(undefined);
  });

  test('a stream that its reader ends is ended in the core', async () => {
    const stream = await client.stack.watch({ stack: 'noodlebox', stream: 'short-reader' });
    await stream.next();
    expect(core.watching).toBe(1);
    await stream.return?.(undefined);
    await vi.waitFor(() => expect(core.watching).toBe(0));
  });

  test('a window that goes away leaves no stream and no log session behind', async () => {
    const status = await client.stack.watch({ stack: 'noodlebox', stream: 'first-stream' });
    const logs = await client.logs.follow({ stack: 'noodlebox', stream: 'second-stream' });
    await Promise.all([status.next(), logs.next()]);
    expect([core.watching, core.openSessions.size]).toEqual([1, 1]);
    // The two iterators end with the connection's own error, which is not what is looked at here.
    status.next().catch(() => {});
    logs.next().catch(() => {});
    await connected.disconnect();
    connected = await connect(createRouter({ core, tasks: createTasks(), door: 'web', version: '' }));
    await vi.waitFor(() => expect([core.watching, core.openSessions.size]).toEqual([0, 0]));
  });

  test('a log session that nobody began to read is closed with its request', async () => {
    const abort = new AbortController();
    const logs = await client.logs.follow({ stack: 'noodlebox', stream: 'never-read' }, { signal: abort.signal });
    expect(core.openSessions.size).toBe(1);
    abort.abort();
    await vi.waitFor(() => expect(core.openSessions.size).toBe(0));
    logs.return?.(undefined).catch(() => {});
  });

  test('log lines are filtered and paged while they are followed', async () => {
    core.lines = [[{ service: 'redis', time: 1, stream: 'stdout', level: 'info', text: 'ready' }]];
    const logs = await client.logs.follow({ stack: 'noodlebox', stream: 'log-stream' });
    await logs.next();
    expect(await client.logs.filter({ stream: 'log-stream', services: [], levels: ['error'], text: '' })).toEqual({ matched: 7 });
    expect(await client.logs.page({ stream: 'log-stream', from: 0, count: 10 })).toMatchObject([{ index: 0, text: 'ready' }]);
    await logs.return?.(undefined);
    await vi.waitFor(() => expect(core.openSessions.size).toBe(0));
    await expect(client.logs.page({ stream: 'log-stream', from: 0, count: 10 })).rejects.toThrow('This log stream has ended.');
  });
});
