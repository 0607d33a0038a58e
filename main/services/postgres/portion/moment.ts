/** One connection held in one read-only moment: all that is read through it belongs together, and nothing can be written. */
import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Connection } from '../../kind.ts';
import { openPostgres } from '../client.ts';
import { textQuery } from '../table/text-query.ts';
import type { Ask } from './catalog.ts';

export interface Moment {
  readonly ask: Ask;
  /** Values as the server writes them. */
  texts(text: string, values: readonly unknown[]): Promise<readonly (readonly (string | null)[])[]>;
  /** What COPY … TO STDOUT gives. */
  copy(text: string): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/**
 * @param options.statementTimeout ms; 0: none
 * @throws NoodleError wrong-password, service-unreachable
 */
export async function openMoment(
  connection: Connection,
  { statementTimeout, signal }: { readonly statementTimeout: number; readonly signal: AbortSignal },
): Promise<Moment> {
  const pool = await openPostgres(connection, { statementTimeout, signal });
  const over = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<PoolClient>();
  const holding = pool.lend(async (client) => {
    await client.query('begin isolation level repeatable read read only');
    // As pg_dump does: rows that a policy would hide are an error, and values are written one way everywhere.
    await client.query(`select set_config('row_security', 'off', true), set_config('search_path', '', true), set_config('TimeZone', 'UTC', true),
      set_config('DateStyle', 'ISO, YMD', true), set_config('IntervalStyle', 'postgres', true), set_config('extra_float_digits', '3', true),
      set_config('bytea_output', 'hex', true)`);
    taken.resolve(client);
    await over.promise;
    await client.query('rollback').catch(() => {});
  }, signal);
  holding.catch(taken.reject);
  let client: PoolClient;
  try {
    client = await taken.promise;
  } catch (error) {
    await pool.close();
    throw error;
  }
  return {
    ask: async <R>(text: string, values: readonly unknown[] = []) => (await client.query(text, [...values])).rows as R[],
    texts: (text, values) => textQuery(client, { text, values }),
    copy: (text) => client.query(copyTo(text)),
    async close() {
      over.resolve();
      await holding.catch(() => {});
      await pool.close();
    },
  };
}
