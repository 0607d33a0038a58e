/** Connections for dumping and restoring: one each, to any database of the server, with no time limit on statements. */
import pg from 'pg';
import { limits } from '../../../limits.ts';
import { connecting } from '../../connect.ts';
import type { Connection } from '../../kind.ts';
import { classify } from '../errors.ts';

/** An abort ends the connection, and with it what runs on it. @throws NoodleError wrong-password, service-unreachable */
export async function onDatabase<T>(
  connection: Connection,
  database: string,
  signal: AbortSignal,
  act: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { host, port, parts } = connection;
  const client = await connecting(
    async () => {
      const fresh = new pg.Client({
        host,
        port,
        user: parts.user,
        password: parts.password,
        database,
        application_name: 'noodlebox',
        connectionTimeoutMillis: limits.connectTimeout,
        statement_timeout: 0,
      });
      fresh.on('error', () => {});
      await fresh.connect();
      return fresh;
    },
    connection,
    classify,
    signal,
  );
  const stop = () => void client.end().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    return await act(client);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await client.end().catch(() => {});
  }
}

/** A database from which others can be renamed and dropped. */
export function asideOf(database: string): string {
  return database === 'postgres' ? 'template1' : 'postgres';
}
