/** One InfluxDB: batched writes, bounded queries, and its HTTP API for the rest. */
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { HttpError, InfluxDB, type ParameterizedQuery, type Point } from '@influxdata/influxdb-client';
import { limits } from '../../limits.ts';
import { abortable, connecting, isNetworkError } from '../connect.ts';
import { fetchFrom } from '../fetch.ts';
import type { Connection } from '../kind.ts';
import { Turnstile } from '../turnstile.ts';
import { classify } from './errors.ts';
import { PointWriter, type SendLines, writeAll } from './writer.ts';

export type FluxRow = Readonly<Record<string, unknown>>;

export interface InfluxClient {
  readonly org: string;
  readonly bucket: string;
  /** Writes the points in batches and waits until the server has them all. Times are in ms. @throws after `limits.influxRetries` */
  write(points: Iterable<Point> | AsyncIterable<Point>, signal?: AbortSignal): Promise<void>;
  /** A writer for points that trickle in; `flush` it at the end. */
  writer(onError: (error: unknown, lost: number) => void): PointWriter;
  /** Rows as they come. Make the query with the library's `flux` tag, which escapes what it is given. */
  rows<R = FluxRow>(query: ParameterizedQuery, signal?: AbortSignal): AsyncIterable<R>;
  /** One call of the HTTP API, such as `POST /api/v2/delete`. @returns the JSON answered, undefined for none */
  call<T = unknown>(method: string, path: string, options?: CallOptions): Promise<T>;
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** ms; default `limits.connectTimeout` */
  readonly timeout?: number;
}

/** @throws NoodleError wrong-password, service-unreachable, service-unhealthy (no such org) */
export async function openInflux(connection: Connection, signal?: AbortSignal): Promise<InfluxClient> {
  const { org = '', bucket = '', token = '' } = connection.parts;
  await connecting(
    () => request(connection, 'GET', '/api/v2/buckets', { query: { org, name: bucket }, signal }),
    connection,
    classify,
    signal,
  );

  const driver = new InfluxDB({ url: connection.url, token, timeout: limits.connectTimeout });
  const turnstile = new Turnstile(limits.influxQueries);
  const send: SendLines = (lines, signal) => sendLines(connection, lines, signal);
  const named = async <T>(act: Promise<T>): Promise<T> => {
    try {
      return await act;
    } catch (error) {
      throw classify(error, connection) ?? error;
    }
  };

  return {
    org,
    bucket,
    write: (points, signal) => named(writeAll(send, points, signal)),
    writer: (onError) => new PointWriter(send, (error, lost) => onError(classify(error, connection) ?? error, lost)),
    async *rows<R>(query: ParameterizedQuery, signal?: AbortSignal) {
      const leave = await turnstile.enter(signal);
      try {
        const found = driver.getQueryApi({ org, gzip: true }).iterateRows(query);
        for await (const { values, tableMeta } of until(found, signal)) yield tableMeta.toObject(values) as R;
      } catch (error) {
        signal?.throwIfAborted();
        throw classify(error, connection) ?? error;
      } finally {
        leave();
      }
    },
    call: (method, path, options = {}) => named(request(connection, method, path, options).then((answer) => answer.body)) as Promise<never>,
  };
}

/** Ends the iteration when aborted, even while the next item is being waited for: the stream's own `return` ends the request. */
async function* until<T>(items: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncIterable<T> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await abortable(iterator.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    void iterator.return?.();
  }
}

/** Sends one batch, and again after a pause with jitter while the server is away or overloaded. */
async function sendLines(connection: Connection, lines: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const { org = '', bucket = '' } = connection.parts;
  const body = await compress(lines.join('\n'));
  for (let round = 0; ; round++) {
    try {
      await request(connection, 'POST', '/api/v2/write', { query: { org, bucket, precision: 'ms' }, gzipped: body, signal });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (round === limits.influxRetries || !isWorthRetrying(error)) throw error;
      const pause = limits.connectRetries[Math.min(round, limits.connectRetries.length - 1)]!;
      await sleep(pause + Math.random() * limits.influxJitter, undefined, { signal });
    }
  }
}

const compress = promisify(gzip);

function isWorthRetrying(error: unknown): boolean {
  return error instanceof HttpError ? error.statusCode === 429 || error.statusCode >= 500 : isNetworkError(error);
}

/** @throws HttpError for a status of 400 and above, and fetch's own errors */
export async function request(connection: Connection, method: string, path: string, options: CallOptions & { readonly gzipped?: Buffer }) {
  const url = new URL(path, connection.url);
  for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
  const timeout = AbortSignal.timeout(options.timeout ?? limits.connectTimeout);
  const answer = await fetchFrom(connection, url, {
    method,
    headers: { authorization: `Token ${connection.parts.token}`, ...bodyHeaders(options) },
    body: options.gzipped ? new Uint8Array(options.gzipped) : options.body === undefined ? undefined : JSON.stringify(options.body),
    signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
  });
  const text = await answer.text();
  if (!answer.ok) throw new HttpError(answer.status, answer.statusText, text);
  return { headers: answer.headers, body: (text === '' ? undefined : JSON.parse(text)) as unknown };
}

function bodyHeaders(options: CallOptions & { readonly gzipped?: Buffer }): Record<string, string> {
  if (options.gzipped) return { 'content-type': 'text/plain; charset=utf-8', 'content-encoding': 'gzip' };
  return options.body === undefined ? {} : { 'content-type': 'application/json' };
}
