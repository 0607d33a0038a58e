/** The window's files under `app://noodlebox/`. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { Shelf } from '../../home/shelf.ts';
import { answerFiles, type FileAnswer } from '../shelf-requests.ts';
import { windowUrl } from './addresses.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

/** Nothing from elsewhere, no inline scripts; the API comes over a port, so the page needs no connection at all. */
const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = { 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };

type WindowRequest = Pick<Request, 'url' | 'method' | 'body'>;

function exchanged(answer: FileAnswer): Response {
  switch (answer.kind) {
    case 'taken':
      return Response.json({ id: answer.id }, { headers });
    case 'refused':
      return new Response(answer.words, { status: answer.status, headers });
    case 'file':
      return new Response(Readable.toWeb(answer.body) as ReadableStream<Uint8Array>, { headers: answer.headers });
  }
}

/** Answers the window's requests. Only files that were there at the start are served, so no path leads out of the folder. */
export async function serveFiles(folder: string, shelf: Shelf): Promise<(request: WindowRequest) => Promise<Response>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = new Map(paths.map((path) => [`/${relative(folder, path).split(sep).join('/')}`, path]));

  return async ({ url: address, method, body }) => {
    const url = new URL(address);
    const { host, pathname } = url;
    if (host !== new URL(windowUrl).host) return new Response(null, { status: 403, headers });
    if (pathname === '/files' || pathname.startsWith('/files/')) return exchanged(await answerFiles(shelf, { method, url, body }));
    if (method !== 'GET') return new Response(null, { status: 403, headers });
    const wanted = extname(pathname) === '' ? '/index.html' : pathname;
    const path = files.get(wanted);
    if (!path) return new Response(null, { status: 404, headers });
    const type = types[extname(path)] ?? 'application/octet-stream';
    return new Response(new Uint8Array(await readFile(path)), { headers: { ...headers, 'Content-Type': type } });
  };
}
