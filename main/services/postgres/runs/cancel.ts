import pg from 'pg';
import { limits } from '../../../limits.ts';
import type { Connection } from '../../kind.ts';

/** Cancels what a server's process runs now, from a connection beside it. */
export async function cancelBackend({ host, port, parts }: Connection, pid: number): Promise<void> {
  const client = new pg.Client({
    host,
    port,
    user: parts.user,
    password: parts.password,
    database: parts.database,
    application_name: 'noodlebox',
    connectionTimeoutMillis: limits.connectTimeout,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_cancel_backend($1)', [pid]);
  } finally {
    await client.end();
  }
}
