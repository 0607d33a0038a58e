/** The pool of connections to one PostgreSQL, with the defaults of the stack. */
import pg from 'pg';
import Cursor from 'pg-cursor';
import { limits } from '../../limits.ts';
import { abortable, connecting } from '../connect.ts';
import type { Connection } from '../kind.ts';
import { tlsOptions } from '../tls.ts';
import { classify } from './errors.ts';

export type Row = Readonly<Record<string, unknown>>;
export type Query = <R = Row>(text: string, values?: readonly unknown[]) => Promise<readonly R[]>;

export interface PostgresClient {
  /** One statement; its values are bound, never pasted. */
  query<R = Row>(text: string, values?: readonly unknown[], signal?: AbortSignal): Promise<readonly R[]>;
  /** A result read through a cursor, `limits.fetchSize` rows at a time. */
  pages<R = Row>(text: string, values: readonly unknown[], signal?: AbortSignal): AsyncIterable<readonly R[]>;
  /** Commits what the act did; rolls all of it back when the act throws or is aborted. */
  transaction<T>(act: (query: Query) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Lends one connection, for COPY and the like. An abort cancels on the server what runs on it. */
  lend<T>(act: (client: pg.PoolClient) => Promise<T>, signal?: AbortSignal): Promise<T>;
  close(): Promise<void>;
}

export interface PostgresOptions {
  readonly signal?: AbortSignal;
  /** ms; 0: none. Default `limits.statementTimeout`. */
  readonly statementTimeout?: number;
  /** Pauses (ms) before a connect that failed is tried again. Default `limits.connectRetries`. */
  readonly retries?: readonly number[];
}

/** @throws NoodleError wrong-password, service-unreachable, service-unhealthy (no such database) */
export async function openPostgres(connection: Connection, options: PostgresOptions = {}): Promise<PostgresClient> {
  const config = poolConfig(connection, options);
  const pool = await connecting(() => connected(config, options.signal), connection, classify, options.signal, options.retries);

  async function lend<T>(act: (client: pg.PoolClient) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const client = await checkout(pool, connection, signal);
    let cancelling: Promise<void> | undefined;
    const onAbort = () => {
      cancelling = cancel(config, client).catch(() => {}); // the statement timeout ends what could not be cancelled
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    let broken = false;
    try {
      signal?.throwIfAborted();
      return await act(client);
    } catch (error) {
      signal?.throwIfAborted();
      broken = !(error instanceof pg.DatabaseError);
      throw classify(error, connection) ?? error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      // Before the connection goes to someone else: a late cancel would hit their statement.
      await cancelling;
      client.release(broken || cancelling !== undefined);
    }
  }

  return {
    lend,
    query: (text, values = [], signal) => lend((client) => queryOn(client)(text, values), signal),
    pages: (text, values, signal) => pages(() => checkout(pool, connection, signal), text, values, signal),
    transaction: (act, signal) => lend((client) => transaction(client, act), signal),
    close: () => pool.end(),
  };
}

function poolConfig(connection: Connection, options: PostgresOptions): pg.PoolConfig {
  const { host, port, parts } = connection;
  return {
    host,
    port,
    user: parts.user,
    password: parts.password,
    database: parts.database,
    application_name: 'noodlebox',
    ssl: tlsOptions(connection) ?? false,
    connectionTimeoutMillis: limits.connectTimeout,
    statement_timeout: options.statementTimeout ?? limits.statementTimeout,
    min: limits.poolMin,
    max: limits.poolMax,
    idleTimeoutMillis: limits.poolIdle,
    maxLifetimeSeconds: limits.poolLifetime / 1000,
  };
}

async function connected(config: pg.PoolConfig, signal: AbortSignal | undefined): Promise<pg.Pool> {
  const pool = new pg.Pool(config);
  // An idle connection that the server ends is replaced by the next query; nobody waits for it here.
  pool.on('error', () => {});
  // One that is lent out and asks nothing at the moment its server ends it has no listener of the pool's.
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await abortable(pool.query('select 1'), signal);
    return pool;
  } catch (error) {
    void pool.end();
    throw error;
  }
}

/** A connection of the pool's; one that comes after the caller has left goes back at once. */
async function checkout(pool: pg.Pool, connection: Connection, signal: AbortSignal | undefined): Promise<pg.PoolClient> {
  signal?.throwIfAborted();
  const taking = pool.connect();
  try {
    return await abortable(taking, signal);
  } catch (error) {
    taking.then(
      (client) => client.release(),
      () => {},
    );
    signal?.throwIfAborted();
    throw classify(error, connection) ?? error;
  }
}

async function cancel(config: pg.ClientConfig, running: pg.PoolClient): Promise<void> {
  const client = new pg.Client(config);
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_cancel_backend($1)', [backendPid(running)]);
  } finally {
    await client.end();
  }
}

/** pg keeps the backend's process id on the client (BackendKeyData), but its types do not say so. */
function backendPid(client: pg.PoolClient): number {
  return (client as pg.PoolClient & { readonly processID: number }).processID;
}

function queryOn(client: pg.ClientBase): Query {
  return async <R>(text: string, values: readonly unknown[] = []) => (await client.query(text, [...values])).rows as R[];
}

async function transaction<T>(client: pg.PoolClient, act: (query: Query) => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await act(queryOn(client));
    await client.query('commit');
    return result;
  } catch (error) {
    // A connection too broken to roll back is closed by the server, which rolls back for it.
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

async function* pages<R>(
  take: () => Promise<pg.PoolClient>,
  text: string,
  values: readonly unknown[],
  signal?: AbortSignal,
): AsyncIterable<readonly R[]> {
  const client = await take();
  const cursor = client.query(new Cursor<R>(text, [...values]));
  try {
    for (;;) {
      const rows = await abortable(cursor.read(limits.fetchSize), signal);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    // After an abort a read may still run: only ending the connection ends it on the server.
    if (signal?.aborted) client.release(true);
    else
      await cursor.close().then(
        () => client.release(),
        () => client.release(true),
      );
  }
}
