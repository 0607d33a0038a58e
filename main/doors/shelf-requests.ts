/** What both doors answer under `/files`: uploads taken in, exports handed over. Who may ask is the door's own affair. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { asNoodleError, NoodleError } from '../errors.ts';
import type { Shelf } from '../home/shelf.ts';
import { limits } from '../limits.ts';

export type FileAnswer =
  | { readonly kind: 'taken'; readonly id: string }
  | { readonly kind: 'file'; readonly headers: Readonly<Record<string, string>>; readonly body: Readable }
  | { readonly kind: 'refused'; readonly status: 404 | 413 | 500; readonly words: string };

/** @param url the request's, under `/files` */
export async function answerFiles(
  shelf: Shelf,
  { method, url, body }: { readonly method: string; readonly url: URL; readonly body: AsyncIterable<Uint8Array> | null },
): Promise<FileAnswer> {
  if (method === 'POST' && url.pathname === '/files') {
    try {
      const { id } = await shelf.receive(url.searchParams.get('name')?.slice(0, 255) || 'file', upTo(limits.uploadBytes, body));
      return { kind: 'taken', id };
    } catch (error) {
      const { problem } = asNoodleError(error);
      return { kind: 'refused', status: problem.code === 'too-large' ? 413 : 500, words: `${problem.what} ${problem.todo ?? ''}`.trim() };
    }
  }
  const id = /^\/files\/([0-9a-f-]{36})$/.exec(url.pathname)?.[1];
  const file = method === 'GET' && id ? await shelf.find(id) : undefined;
  if (!file) return { kind: 'refused', status: 404, words: 'There is no such file. Files are kept for an hour.' };
  return {
    kind: 'file',
    headers: {
      'Content-Type': file.type,
      'Content-Length': String(file.bytes),
      'Content-Disposition': disposition(file.name),
      'Cache-Control': 'no-store',
      // Whatever the file holds, it is never run as a page of ours.
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
    },
    body: createReadStream(file.path),
  };
}

/** RFC 6266: a name any client can read, and the exact one as RFC 8187 has it. */
export function disposition(name: string): string {
  const plain = name.replaceAll(/[^\w. -]/g, '_');
  const exact = encodeURIComponent(name).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}

async function* upTo(most: number, body: AsyncIterable<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > most)
      throw new NoodleError({ code: 'too-large', what: `A file may have ${Math.round(most / 2 ** 30)} GiB.`, todo: 'Send it in parts.' });
    yield chunk;
  }
}
