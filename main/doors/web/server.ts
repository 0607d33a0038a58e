/** The window over loopback: HTTP for its files, a WebSocket at /rpc for its API. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import type { Router } from '../../api/router.ts';
import { NoodleError } from '../../errors.ts';
import type { Shelf } from '../../home/shelf.ts';
import { limits } from '../../limits.ts';
import { answerFiles } from '../shelf-requests.ts';
import { type Assets, contentOf, readAssets } from './assets.ts';
import { cookieName, Doorkeeper, hostAllowed, originAllowed, sameSecret } from './guard.ts';
import { lockedPage } from './pages.ts';

export interface WebDoor {
  readonly port: number;
  /** Asked for with this by a second `noodlebox open`, for a link of its own. */
  readonly secret: string;
  /** A fresh address that lets one browser in, once. */
  link(): string;
  close(): Promise<void>;
}

export interface WebDoorOptions {
  readonly router: Router;
  readonly shelf: Shelf;
  /** The built window. */
  readonly folder: string;
  /** Default: any free one. */
  readonly port?: number;
}

/** Listens on 127.0.0.1 only. @throws NoodleError port-taken, server-missing */
export async function openWebDoor({ router, shelf, folder, port: wanted }: WebDoorOptions): Promise<WebDoor> {
  const assets = await readAssets(folder);
  const keeper = new Doorkeeper();
  const secret = randomBytes(32).toString('base64url');
  const handler = new RPCHandler(router);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.apiMessageBytes, perMessageDeflate: false });
  const server = createServer();
  // Those that were upgraded, or never said anything, are no longer the server's own to close.
  const connections = new Set<Duplex>();
  server.on('connection', (connection: Duplex) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? taken(wanted) : error));
    server.listen(wanted ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const link = () => `http://127.0.0.1:${port}/enter?token=${keeper.newLink()}`;

  server.on('request', (request, response) => {
    answer(request, response, { assets, shelf, keeper, port, secret, link }).catch(() => refuse(response, 500, 'Something went wrong.'));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const welcome = request.url === '/rpc' && originAllowed(request.headers, port) && keeper.knows(request.headers);
    if (!welcome) return socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => webSocket.terminate());
      void handler.upgrade(webSocket);
    });
  });

  return {
    port,
    secret,
    link,
    async close() {
      for (const client of sockets.clients) client.terminate();
      for (const connection of connections) connection.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Serving {
  readonly assets: Assets;
  readonly shelf: Shelf;
  readonly keeper: Doorkeeper;
  readonly port: number;
  readonly secret: string;
  link(): string;
}

async function answer(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const { assets, keeper, port } = serving;
  for (const [name, value] of Object.entries(headersFor(port))) response.setHeader(name, value);
  if (!hostAllowed(request.headers, port)) return refuse(response, 403, 'This address is not the one this server answers to.');
  // Only a path is asked for here: an absolute address is one for a proxy.
  const address = `http://127.0.0.1:${port}${request.url}`;
  if (!request.url?.startsWith('/') || !URL.canParse(address)) return refuse(response, 400, 'This is no path.');
  const url = new URL(address);
  if (url.pathname === '/link') return giveLink(request, response, serving);
  if (url.pathname === '/files' || url.pathname.startsWith('/files/')) return exchangeFile(request, response, url, serving);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET is answered here.');
  if (url.pathname === '/enter') {
    const session = keeper.enter(url.searchParams.get('token') ?? '');
    if (!session) return page(response, 403);
    response.setHeader('Set-Cookie', `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`);
    response.writeHead(303, { Location: '/' }).end();
    return;
  }
  if (!keeper.knows(request.headers)) return page(response, 401);
  // The window's own routes are no files: they are all the same page.
  const asset = assets.get(url.pathname) ?? (/\.\w+$/.test(url.pathname) ? undefined : assets.get('/index.html'));
  if (!asset) return refuse(response, 404, 'There is no such file.');
  const hashed = url.pathname.startsWith('/assets/');
  response.writeHead(200, { 'Content-Type': asset.type, 'Cache-Control': hashed ? 'private, max-age=31536000, immutable' : 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : await contentOf(asset));
}

/** Files of the window: for those who are in, and sent by our own page only. */
async function exchangeFile(request: IncomingMessage, response: ServerResponse, url: URL, { keeper, port, shelf }: Serving): Promise<void> {
  if (!keeper.knows(request.headers)) return page(response, 401);
  const sends = request.method === 'POST';
  if (sends && !originAllowed(request.headers, port)) return refuse(response, 403, 'Only the window itself may send files.');
  const answer = await answerFiles(shelf, { method: request.method ?? 'GET', url, body: sends ? request : null });
  if (answer.kind === 'refused') return refuse(response, answer.status, answer.words);
  if (answer.kind === 'taken') {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(JSON.stringify({ id: answer.id }));
    return;
  }
  response.writeHead(200, answer.headers);
  await pipeline(answer.body, response).catch(() => response.destroy());
}

/** Another process of the same user, which can read the secret's file, asks for a way in. */
function giveLink(request: IncomingMessage, response: ServerResponse, { secret, link }: Serving): void {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (request.method !== 'POST' || request.headers.origin !== undefined || !sameSecret(given, secret)) {
    refuse(response, 403, 'This needs the secret that only your own processes can read.');
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(JSON.stringify({ link: link() }));
}

function headersFor(port: number): Readonly<Record<string, string>> {
  const sources = `ws://127.0.0.1:${port} ws://localhost:${port}`;
  return {
    'Content-Security-Policy': `default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self' ${sources}; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

function page(response: ServerResponse, status: 401 | 403): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).end(lockedPage(status));
}

function refuse(response: ServerResponse, status: number, words: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).end(`${words}\n`);
}

function taken(port: number | undefined): NoodleError {
  return new NoodleError({
    code: 'port-taken',
    what: `Port ${port} is taken.`,
    todo: 'Give another one with --port, or none for any free one.',
  });
}
