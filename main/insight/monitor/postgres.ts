import pg from 'pg';
import { limits } from '../../limits.ts';
import { abortable } from '../../services/connect.ts';
import type { Connection } from '../../services/kind.ts';
import { type Gauges, numbers } from './gauges.ts';

/** The counters of the stack's database, and who is connected. */
const statement = `
  select s.numbackends as connections, current_setting('max_connections')::int as connections_max,
         s.xact_commit as commits, s.xact_rollback as rollbacks, s.blks_read as blocks_read, s.blks_hit as blocks_hit,
         s.tup_returned as rows_scanned, s.tup_fetched as rows_fetched,
         s.tup_inserted as rows_inserted, s.tup_updated as rows_updated, s.tup_deleted as rows_deleted,
         s.deadlocks, s.temp_bytes, pg_database_size(s.datid) as size,
         (select count(*) from pg_stat_activity where datid = s.datid and state = 'active') as active,
         (select count(*) from pg_locks where not granted) as waiting_locks
  from pg_stat_database s where s.datname = current_database()`;

export async function postgresGauges({ host, port, parts }: Connection, signal: AbortSignal): Promise<Gauges> {
  const client = new pg.Client({
    host,
    port,
    user: parts.user,
    password: parts.password,
    database: parts.database,
    application_name: 'noodlebox monitor',
    connectionTimeoutMillis: limits.monitorAnswer,
    query_timeout: limits.monitorAnswer,
  });
  client.on('error', () => {});
  await abortable(client.connect(), signal);
  return {
    gauges: async (stop) => numbers((await abortable(client.query<Record<string, unknown>>(statement), stop)).rows[0] ?? {}),
    close: () => client.end(),
  };
}
