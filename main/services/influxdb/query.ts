/** Queries whose rows are read as they come: the server is held back by the reader, and told to stop when the reader leaves. */
import { chunksToLinesIterable, HttpError, linesToRowsIterable, type ParameterizedQuery, type Row } from '@influxdata/influxdb-client';
import { limits } from '../../limits.ts';
import { fetchFrom } from '../fetch.ts';
import type { Connection } from '../kind.ts';
import { Turnstile } from '../turnstile.ts';
import { type CallOptions, request } from './client.ts';
import { classify } from './errors.ts';
import { messageOf, queryFailed } from './query-error.ts';

export type { Row };

export interface QueryOptions {
  readonly signal?: AbortSignal;
  /** A Flux AST that is put before the query (`option v = …`). */
  readonly extern?: unknown;
}

/** The HTTP API as the session uses it: one attempt, errors named. */
export interface InfluxHttp {
  readonly connection: Connection;
  readonly org: string;
  /** Rows of a query of our own, or of the person's text, into which errors then point. @throws NoodleError query-failed, service-unreachable */
  rows(query: ParameterizedQuery | { readonly text: string }, options?: QueryOptions): AsyncGenerator<Row>;
  /** The answer to a query of our own as annotated CSV, as it comes. @throws as `rows` does, but for an error that comes in it */
  csv(query: ParameterizedQuery, options?: QueryOptions): AsyncGenerator<string>;
  /** All rows as objects by column, at most `limit`; for answers that are known to be few. */
  collect<R>(query: ParameterizedQuery, limit: number, signal?: AbortSignal): Promise<R[]>;
  /** One call that answers JSON. @throws NoodleError query-failed for what the server refuses */
  call<T = unknown>(method: string, path: string, options?: CallOptions): Promise<T>;
  /** A body as it is, such as line protocol. @throws HttpError for what the server refuses, NoodleError when it cannot be reached */
  send(
    path: string,
    query: Readonly<Record<string, string>>,
    body: Uint8Array<ArrayBuffer>,
    signal: AbortSignal | undefined,
  ): Promise<void>;
}

const dialect = { header: true, delimiter: ',', annotations: ['datatype', 'group', 'default'] };

export function influxHttp(connection: Connection): InfluxHttp {
  const { org = '', token = '' } = connection.parts;
  const turnstile = new Turnstile(limits.influxQueries);
  const authorization = `Token ${token}`;

  type Asked = ParameterizedQuery | { readonly text: string };

  async function* answered<T>(
    query: Asked,
    { signal, extern }: QueryOptions,
    read: (body: AsyncIterable<Uint8Array>, text: string | undefined) => AsyncGenerator<T>,
  ): AsyncGenerator<T> {
    const text = 'text' in query ? query.text : undefined;
    const leave = await turnstile.enter(signal);
    const stop = new AbortController();
    try {
      const answer = await fetchFrom(connection, new URL(`/api/v2/query?${new URLSearchParams({ org })}`, connection.url), {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', 'accept-encoding': 'identity' },
        body: JSON.stringify({ query: text ?? query.toString(), type: 'flux', dialect, extern }),
        signal: AbortSignal.any([stop.signal, AbortSignal.timeout(limits.fluxTimeout), ...(signal ? [signal] : [])]),
      });
      if (!answer.ok) throw new HttpError(answer.status, answer.statusText, await answer.text());
      yield* read(answer.body as AsyncIterable<Uint8Array>, text);
    } catch (error) {
      signal?.throwIfAborted();
      throw named(error, connection, text);
    } finally {
      // Whoever reads no further needs no further rows.
      stop.abort();
      leave();
    }
  }

  const rows = (query: Asked, options: QueryOptions = {}) => answered(query, options, rowsIn);

  return {
    connection,
    org,
    rows,
    csv: (query, options = {}) => answered(query, options, textIn),
    async collect<R>(query: ParameterizedQuery, limit: number, signal?: AbortSignal) {
      const all: R[] = [];
      for await (const { values, tableMeta } of rows(query, { signal })) {
        all.push(tableMeta.toObject(values) as R);
        if (all.length === limit) break;
      }
      return all;
    },
    async call(method, path, options = {}) {
      try {
        return (await request(connection, method, path, options)).body as never;
      } catch (error) {
        options.signal?.throwIfAborted();
        throw named(error, connection, undefined);
      }
    },
    async send(path, query, body, signal) {
      try {
        const answer = await fetchFrom(connection, new URL(`${path}?${new URLSearchParams({ ...query, org })}`, connection.url), {
          method: 'POST',
          headers: { authorization, 'content-type': 'text/plain; charset=utf-8', 'content-encoding': 'gzip' },
          body,
          signal: AbortSignal.any([AbortSignal.timeout(limits.connectTimeout), ...(signal ? [signal] : [])]),
        });
        const said = await answer.text();
        if (!answer.ok) throw new HttpError(answer.status, answer.statusText, said);
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof HttpError && [400, 413, 422].includes(error.statusCode)) throw error;
        throw named(error, connection, undefined);
      }
    },
  };
}

async function* rowsIn(body: AsyncIterable<Uint8Array>, text: string | undefined): AsyncGenerator<Row> {
  for await (const row of linesToRowsIterable(chunksToLinesIterable(body))) {
    // An error that comes after the first rows is a table of its own.
    if (row.tableMeta.columns[0]?.label === 'error') throw queryFailed(row.values[0] ?? '', text);
    yield unixNewlines(row);
  }
}

async function* textIn(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

/** The server writes a newline inside of a value as CR LF, and a CR not at all. */
function unixNewlines(row: Row): Row {
  if (!row.values.some((value) => value.includes('\r\n'))) return row;
  return { ...row, values: row.values.map((value) => value.replaceAll('\r\n', '\n')) };
}

/** Away and refused as every service tells it; the rest in the server's own words. */
function named(error: unknown, connection: Connection, text: string | undefined): unknown {
  if (error instanceof HttpError && ![401, 502, 503].includes(error.statusCode)) return queryFailed(messageOf(error), text, error);
  return classify(error, connection) ?? error;
}
