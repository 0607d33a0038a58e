/** One InfluxDB: batched writes, bounded queries, and its HTTP API for the rest. */
import { HttpError, InfluxDB, type ParameterizedQuery, type Point, type WriteApi } from '@influxdata/influxdb-client';
import { limits } from '../../limits.ts';
import { abortable, connecting } from '../connect.ts';
import type { Connection } from '../kind.ts';
import { classify } from './errors.ts';
import { Turnstile } from './turnstile.ts';

export type FluxRow = Readonly<Record<string, unknown>>;

export interface InfluxClient {
  readonly org: string;
  readonly bucket: string;
  /** Writes the points in batches and waits until the server has them all. Times are in ms. @throws after `limits.influxRetries` */
  write(points: Iterable<Point> | AsyncIterable<Point>, signal?: AbortSignal): Promise<void>;
  /** A writer that sends by itself when a batch is full or `limits.influxFlush` has passed. The caller closes it. */
  writer(): WriteApi;
  /** Rows as they come. Make the query with the library's `flux` tag, which escapes what it is given. */
  rows<R = FluxRow>(query: ParameterizedQuery, signal?: AbortSignal): AsyncIterable<R>;
  /** One call of the HTTP API, such as `POST /api/v2/delete`. @returns the JSON answered, undefined for none */
  call<T = unknown>(method: string, path: string, options?: CallOptions): Promise<T>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
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
  const open = new Set<WriteApi>();
  const named = async <T>(act: Promise<T>): Promise<T> => {
    try {
      return await act;
    } catch (error) {
      throw classify(error, connection) ?? error;
    }
  };

  const writer = () => {
    const api = driver.getWriteApi(org, bucket, 'ms', {
      batchSize: limits.influxBatch,
      flushInterval: limits.influxFlush,
      retryJitter: limits.influxJitter,
      maxRetries: limits.influxRetries,
    });
    open.add(api);
    return api;
  };

  return {
    org,
    bucket,
    writer,
    async write(points, signal) {
      // flushInterval 0 and flushes of our own: a batch at a time in memory, and its failure is ours to throw.
      const api = driver.getWriteApi(org, bucket, 'ms', {
        batchSize: limits.influxBatch + 1,
        flushInterval: 0,
        retryJitter: limits.influxJitter,
        maxRetries: limits.influxRetries,
      });
      let held = 0;
      const flush = async () => {
        held = 0;
        await named(abortable(api.flush(true), signal));
      };
      try {
        for await (const point of points) {
          signal?.throwIfAborted();
          api.writePoint(point);
          if (++held === limits.influxBatch) await flush();
        }
        await flush();
      } finally {
        api.dispose();
      }
    },
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
    async close() {
      await Promise.all([...open].map((api) => api.close()));
    },
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

/** @throws HttpError for a status of 400 and above, and fetch's own errors */
export async function request(connection: Connection, method: string, path: string, options: CallOptions) {
  const url = new URL(path, connection.url);
  for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
  const timeout = AbortSignal.timeout(limits.connectTimeout);
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Token ${connection.parts.token}`, 'content-type': 'application/json' },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
    signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
  });
  const text = await answer.text();
  if (!answer.ok) throw new HttpError(answer.status, answer.statusText, text);
  return { headers: answer.headers, body: (text === '' ? undefined : JSON.parse(text)) as unknown };
}
