/** `fetch` for a server whose certificates an authority of the person's own has signed: the one that is built in knows no other than Node's. */
import { request } from 'node:https';
import { Readable } from 'node:stream';
import type { Connection } from './kind.ts';
import { tlsOptions } from './tls.ts';

export interface FetchOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

/** Follows no redirects where an authority is named. @throws as `fetch` does */
export async function fetchFrom(connection: Connection, url: URL, options: FetchOptions): Promise<Response> {
  if (!connection.tls?.authority) return fetch(url, options);
  const { method, headers, body, signal } = options;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...headers }, signal, ...tlsOptions(connection) }, (answer) => {
      const status = answer.statusCode!;
      const named = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      );
      const empty = status === 204 || status === 304;
      if (empty) answer.resume();
      const content = empty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
      resolve(new Response(content, { status, statusText: answer.statusMessage, headers: named }));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
