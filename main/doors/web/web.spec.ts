/** The web door under attack: every request here is one that a hostile page, or another user of the machine, could make. */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Contract } from '../../../preload/contract/index.ts';
import { createFakeCore } from '../../../test/support/fake-core.ts';
import { createRouter } from '../../api/router.ts';
import { createTasks } from '../../core/tasks.ts';
import { limits } from '../../limits.ts';
import { Doorkeeper } from './guard.ts';
import { openWebDoor, type WebDoor } from './server.ts';

let folder: string;
let door: WebDoor;
const core = createFakeCore();
const { shelf } = core;
const router = createRouter({ core, tasks: createTasks(), door: 'web', version: '1' });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-web-'));
  await mkdir(join(folder, 'window', 'assets'), { recursive: true });
  await writeFile(join(folder, 'window', 'index.html'), '<!doctype html><title>window</title>');
  await writeFile(join(folder, 'window', 'assets', 'app-1a2b.js'), 'run()');
  await writeFile(join(folder, 'secret.txt'), 'a secret beside the window');
  door = await openWebDoor({ router, shelf, folder: join(folder, 'window') });
});
afterEach(async () => {
  await door.close();
  await rm(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** The path is sent as it is: fetch would tidy it up before. */
async function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const request = httpRequest({ host: '127.0.0.1', port: door.port, path, method, headers, agent: false });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  return { status: response.statusCode!, headers: response.headers, body };
}

async function enter(link = door.link()): Promise<string> {
  const { pathname, search } = new URL(link);
  const { status, headers } = await ask(pathname + search);
  expect(status).toBe(303);
  return headers['set-cookie']![0]!.split(';')[0]!;
}

const origin = () => `http://127.0.0.1:${door.port}`;

describe('the way in', () => {
  test('a link lets one browser in, once, by a cookie that no script and no other site can use', async () => {
    const { pathname, search } = new URL(door.link());
    const first = await ask(pathname + search);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    const [cookie] = first.headers['set-cookie']!;
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect((await ask('/', { cookie: cookie!.split(';')[0]! })).body).toContain('<title>window</title>');

    const second = await ask(pathname + search);
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(second.body).toContain('npx noodlebox open --web');
  });

  test.each(['', 'AAAA', '../..', 'a'.repeat(10_000)])('a token that was never given out opens nothing: %.10s', async (token) => {
    expect((await ask(`/enter?token=${token}`)).status).toBe(403);
  });

  test('a link is of no use ten minutes later', () => {
    const keeper = new Doorkeeper();
    const token = keeper.newLink(0);
    expect(keeper.enter(token, 10 * 60_000 + 1)).toBeUndefined();
    expect(keeper.enter(keeper.newLink(0), 10 * 60_000 - 1)).toBeDefined();
  });

  test('without a cookie nothing of the window is served, only how to get in', async () => {
    for (const path of ['/', '/index.html', '/assets/app-1a2b.js', '/logs']) {
      const { status, body } = await ask(path);
      expect([path, status]).toEqual([path, 401]);
      expect(body).not.toContain('window</title>');
      expect(body).not.toContain('run()');
    }
  });

  test('a forged cookie opens nothing', async () => {
    const cookie = await enter();
    for (const forged of ['noodlebox=', 'noodlebox=AAAA', `${cookie}x`, cookie.slice(0, -1), `other=${cookie.split('=')[1]}`]) {
      expect((await ask('/', { cookie: forged })).status, forged).toBe(401);
    }
  });

  test('a second process of the same user gets a link by the secret of the file; a page never does', async () => {
    const given = await ask('/link', { authorization: `Bearer ${door.secret}` }, 'POST');
    await enter((JSON.parse(given.body) as { link: string }).link);

    const cookie = await enter();
    expect((await ask('/link', { authorization: 'Bearer wrong' }, 'POST')).status).toBe(403);
    expect((await ask('/link', { cookie }, 'POST')).status).toBe(403);
    expect((await ask('/link', { authorization: `Bearer ${door.secret}`, origin: origin() }, 'POST')).status).toBe(403);
    expect((await ask('/link', { authorization: `Bearer ${door.secret}` })).status).toBe(403);
  });
});

describe('requests of other pages', () => {
  test.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.evil.example',
    '[::1]',
  ])('a Host that is not this server is refused, though it leads here: %j', async (host) => {
    const cookie = await enter();
    expect((await ask('/', { host, cookie })).status).toBe(403);
    expect((await ask('/enter?token=x', { host })).headers['set-cookie']).toBeUndefined();
  });

  test('no origin is allowed to read answers, whatever it asks with', async () => {
    const cookie = await enter();
    for (const method of ['GET', 'OPTIONS']) {
      const { headers } = await ask('/', { cookie, origin: 'https://evil.example', 'access-control-request-method': 'GET' }, method);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await ask('/', { cookie }, 'POST')).status).toBe(405);
  });

  test('every answer keeps the page from being framed, sniffed or fed foreign scripts', async () => {
    const cookie = await enter();
    for (const answer of [await ask('/', { cookie }), await ask('/'), await ask('/', { host: 'evil.example' })]) {
      const policy = answer.headers['content-security-policy']!;
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src|default-src[^;]*unsafe/);
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      });
    }
  });
});

describe('files', () => {
  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..\\secret.txt',
    '/..%5csecret.txt',
    '//secret.txt',
    '/assets/%00secret.txt',
    '/etc/passwd.txt',
    'http://evil.example/secret.txt',
  ])('nothing outside the window is reached by %s', async (path) => {
    const { status, body } = await ask(path, { cookie: await enter() });
    expect(body).not.toContain('a secret');
    expect([400, 403, 404]).toContain(status);
  });

  test("the window's own routes are its page, and a file that is missing is missing", async () => {
    const cookie = await enter();
    expect((await ask('/logs', { cookie })).body).toContain('<title>window</title>');
    expect((await ask('/assets/gone.js', { cookie })).status).toBe(404);
    expect(await ask('/assets/app-1a2b.js', { cookie })).toMatchObject({ status: 200, body: 'run()' });
  });

  test('a request that is no HTTP leaves the server standing', async () => {
    const socket = connect(door.port, '127.0.0.1');
    socket.on('error', () => {}).resume();
    socket.end('\u0000\u0001 nonsense\r\n\r\n');
    await once(socket, 'close');
    expect((await ask('/')).status).toBe(401);
    expect((await ask('//[')).status).toBeGreaterThanOrEqual(400);
    expect((await ask('/')).status).toBe(401);
  });
});

describe('files of the window', () => {
  const send = async (headers: Record<string, string>, body: string, name = 'données.csv') => {
    const request = httpRequest({
      host: '127.0.0.1',
      port: door.port,
      path: `/files?name=${encodeURIComponent(name)}`,
      method: 'POST',
      headers,
      agent: false,
    });
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return { status: response.statusCode!, text };
  };
  afterAll(() => core.spool.remove());

  test('what the window sends is kept under an id of its own, and fetched under its name', async () => {
    const cookie = await enter();
    const { status, text } = await send({ cookie, origin: origin() }, 'a;b\n1;2\n');
    expect(status).toBe(200);
    const { id } = JSON.parse(text) as { id: string };
    const fetched = await ask(`/files/${id}`, { cookie });
    expect(fetched.body).toBe('a;b\n1;2\n');
    expect(fetched.headers['content-disposition']).toBe(`attachment; filename="donn_es.csv"; filename*=UTF-8''donn%C3%A9es.csv`);
    expect(fetched.headers['content-security-policy']).toContain('sandbox');
  });

  test('nobody else sends or fetches one', async () => {
    const cookie = await enter();
    const { text } = await send({ cookie, origin: origin() }, 'mine');
    const { id } = JSON.parse(text) as { id: string };
    expect((await ask(`/files/${id}`)).status).toBe(401);
    expect((await send({ origin: origin() }, 'theirs')).status).toBe(401);
    expect((await send({ cookie }, 'theirs')).status).toBe(403);
    expect((await send({ cookie, origin: 'https://evil.example' }, 'theirs')).status).toBe(403);
  });

  test('a name leads nowhere, and a file that is not done is not there', async () => {
    const cookie = await enter();
    const { text } = await send({ cookie, origin: origin() }, 'x', '../../../etc/passwd');
    expect(JSON.parse(text)).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    for (const path of ['/files/../secret.txt', '/files/%2e%2e', '/files/', `/files/${crypto.randomUUID()}`])
      expect((await ask(path, { cookie })).body, path).not.toContain('a secret');
    const begun = await shelf.reserve('half.csv', 'text/csv');
    expect((await ask(`/files/${begun.id}`, { cookie })).status).toBe(404);
  });
});

describe('the WebSocket', () => {
  const open = (headers: Record<string, string>, path = '/rpc'): WebSocket =>
    new WebSocket(`ws://127.0.0.1:${door.port}${path}`, { headers });
  const outcome = (socket: WebSocket): Promise<string> =>
    new Promise((resolve) => {
      socket.on('open', () => resolve('open'));
      socket.on('error', (error) => resolve(error.message));
    });

  test('carries the API for the page that was let in', async () => {
    const socket = open({ cookie: await enter(), origin: origin() });
    const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
    expect(await client.app.info()).toMatchObject({ door: 'web' });
    socket.close();
  });

  test('is refused without a cookie, from another origin, under another host or path', async () => {
    const cookie = await enter();
    const refused: readonly (readonly [Record<string, string>, string?])[] = [
      [{ origin: origin() }],
      [{ cookie }],
      [{ cookie, origin: 'https://evil.example' }],
      [{ cookie, origin: 'null' }],
      [{ cookie, origin: `http://localhost:${door.port}` }],
      [{ cookie, origin: `http://evil.example:${door.port}`, host: `evil.example:${door.port}` }],
      [{ cookie, origin: origin() }, '/other'],
      [{ cookie: 'noodlebox=forged', origin: origin() }],
    ];
    for (const [headers, path] of refused) expect(await outcome(open(headers, path)), JSON.stringify(headers)).toContain('403');
  });

  test('a message larger than the limit ends the connection, and only that', async () => {
    const socket = open({ cookie: await enter(), origin: origin() });
    await once(socket, 'open');
    socket.on('error', () => {});
    socket.send('x'.repeat(limits.apiMessageBytes + 1));
    await once(socket, 'close');
    expect((await ask('/')).status).toBe(401);
  });

  test('a message that is no call leaves the server standing', async () => {
    // The library tells such messages on the console.
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const socket = open({ cookie: await enter(), origin: origin() });
    await once(socket, 'open');
    for (const message of ['', '{', 'null', '[]', '{"i":1}', '{"i":"99","p":{"u":"http://evil.example/"}}', Buffer.from([255, 0, 1])])
      socket.send(message);
    const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
    expect(await client.app.info()).toMatchObject({ door: 'web' });
    socket.close();
  });
});

describe('the server', () => {
  test('listens on loopback only', async () => {
    const socket = connect({ port: door.port, host: '127.0.0.2' });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  test('says which port is taken, and what to do', async () => {
    await expect(openWebDoor({ router, shelf, folder: join(folder, 'window'), port: door.port })).rejects.toMatchObject({
      problem: { code: 'port-taken', what: `Port ${door.port} is taken.` },
    });
  });

  test('says so when the window has not been built', async () => {
    await expect(openWebDoor({ router, shelf, folder: join(folder, 'nowhere') })).rejects.toMatchObject({
      problem: { code: 'server-missing', command: 'npm run build' },
    });
  });
});
