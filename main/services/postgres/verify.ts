import pg from 'pg';
import { limits } from '../../limits.ts';
import { abortable, connecting } from '../connect.ts';
import type { Connection, ServerFacts } from '../kind.ts';
import { classify } from './errors.ts';

/** Asks as the real user what the server is, and what of the stack's needs it was started without. */
export async function verify(connection: Connection, signal: AbortSignal): Promise<ServerFacts> {
  return connecting(() => ask(connection, signal), connection, classify, signal);
}

async function ask({ host, port, parts }: Connection, signal: AbortSignal): Promise<ServerFacts> {
  const client = new pg.Client({
    host,
    port,
    user: parts.user,
    password: parts.password,
    database: parts.database,
    application_name: 'noodlebox',
    connectionTimeoutMillis: limits.connectTimeout,
    query_timeout: limits.connectTimeout,
  });
  client.on('error', () => {});
  try {
    await abortable(client.connect(), signal);
    const { rows } = await abortable(
      client.query<{ version: string; preloaded: string; wal: string; crypto: boolean }>(
        `select current_setting('server_version') as version,
                current_setting('shared_preload_libraries') as preloaded,
                current_setting('wal_level') as wal,
                exists (select from pg_available_extensions where name = 'pgcrypto') as crypto`,
      ),
      signal,
    );
    const facts = rows[0]!;
    const notes: string[] = [];
    if (!facts.preloaded.includes('pg_stat_statements')) notes.push('pg_stat_statements is not preloaded: no query statistics.');
    if (facts.wal !== 'logical') notes.push(`wal_level is ${facts.wal}: no logical replication.`);
    if (!facts.crypto) notes.push('The extension pgcrypto is not installed.');
    return { version: facts.version.split(' ')[0]!, notes };
  } finally {
    void client.end().catch(() => {});
  }
}
