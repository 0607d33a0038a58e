/** Seeding PostgreSQL: migrations in one transaction each, data by COPY, the mark in the transaction of its batch. */
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { copyText, rowCounts, type Table, tables } from '../../../seeds/postgres/copy.ts';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Connection } from '../kind.ts';
import type { LedgerEntry, LoadMark, Migration, SeedTarget } from '../seed-target.ts';
import { openPostgres, type PostgresClient, type Query } from './client.ts';
import { quoteIdentifier } from './quote.ts';

const names = Object.keys(tables) as Table[];

/** In a schema of its own, so that nobody's `public` shows our bookkeeping. */
const bookkeeping = `
  create schema if not exists noodlebox;
  create table if not exists noodlebox.ledger (id text primary key, checksum text not null, applied_at timestamptz not null default now());
  create table if not exists noodlebox.load (only_row boolean primary key default true check (only_row), mark jsonb not null);
`;

/** @throws NoodleError wrong-password, service-unreachable */
export async function openSeedTarget(connection: Connection): Promise<SeedTarget> {
  const client = await openPostgres(connection, { statementTimeout: 0 });
  return {
    kind: 'postgres',
    ledger: () => readLedger(client),
    migrate: (migration, signal) => migrate(client, migration, signal),
    loadMark: () => readMark(client),
    setLoadMark: (mark) => client.transaction((query) => writeMark(query, mark)),
    parts(sizes) {
      const rows = rowCounts(sizes);
      return names.map((name) => ({ name, items: rows[name], batch: limits.seedCopyRows }));
    },
    load: (dataset, { part, from, to }, mark) =>
      client.lend((lent) => copyBatch(lent, part as Table, copyText(dataset, part as Table, from, to), mark)),
    // Without CASCADE: a table of someone else's that refers to these is an error, not a loss.
    clear: async (_, signal) => void (await client.query(`truncate ${names.map(quoteIdentifier).join(', ')}`, [], signal)),
    async counts(signal) {
      const there = await client.query<{ name: Table }>(
        `select name from unnest($1::text[]) name where to_regclass(quote_ident(name)) is not null`,
        [names],
        signal,
      );
      return Promise.all(
        there.map(async ({ name }) => {
          const [row] = await client.query<{ rows: string }>(`select count(*) as rows from ${quoteIdentifier(name)}`, [], signal);
          return { name, rows: Number(row!.rows) };
        }),
      );
    },
    close: () => client.close(),
  };
}

async function exists(client: PostgresClient, table: 'noodlebox.ledger' | 'noodlebox.load'): Promise<boolean> {
  const [row] = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
  return row!.there;
}

async function readLedger(client: PostgresClient): Promise<readonly LedgerEntry[]> {
  if (!(await exists(client, 'noodlebox.ledger'))) return [];
  const rows = await client.query<{ id: string; checksum: string; applied_at: Date }>(
    'select id, checksum, applied_at from noodlebox.ledger order by id',
  );
  return rows.map(({ id, checksum, applied_at }) => ({ id, checksum, state: 'applied', at: applied_at.getTime() }));
}

async function readMark(client: PostgresClient): Promise<LoadMark | undefined> {
  if (!(await exists(client, 'noodlebox.load'))) return undefined;
  const [row] = await client.query<{ mark: LoadMark }>('select mark from noodlebox.load');
  return row?.mark;
}

async function writeMark(query: Query, mark: LoadMark): Promise<void> {
  await query(bookkeeping);
  await query(
    `insert into noodlebox.load (mark) values ($1)
     on conflict (only_row) do update set mark = excluded.mark`,
    [JSON.stringify(mark)],
  );
}

async function migrate(client: PostgresClient, migration: Migration, signal: AbortSignal): Promise<void> {
  await client.transaction(async (query) => {
    await query(bookkeeping);
    await query(migration.content).catch((error) => {
      throw migrationFailed(migration, error);
    });
    await query('insert into noodlebox.ledger (id, checksum) values ($1, $2)', [migration.id, migration.checksum]);
  }, signal);
}

/** Rows and mark, or neither. */
async function copyBatch(client: PoolClient, table: Table, text: Iterable<string>, mark: LoadMark): Promise<void> {
  const columns = tables[table].map(quoteIdentifier).join(', ');
  await client.query('begin');
  try {
    // What a crash of the server may take back is whole batches, each with its mark: nothing to wait for.
    await client.query('set local synchronous_commit = off');
    await pipeline(text, client.query(copyFrom(`copy ${quoteIdentifier(table)} (${columns}) from stdin`)));
    await client.query('update noodlebox.load set mark = $1', [JSON.stringify(mark)]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {}); // the connection broke: the server rolls back for it
    throw error;
  }
}

function migrationFailed(migration: Migration, error: Error & { position?: string; code?: string }): Error {
  if (error.code?.startsWith('53')) return error; // out of disk, memory or connections: not the file's fault
  const line = error.position ? migration.content.slice(0, Number(error.position) - 1).split('\n').length : 1;
  return new NoodleError(
    {
      code: 'migration-failed',
      what: `Migration ${migration.id} failed, and nothing of it was kept.`,
      why: `${migration.file}:${line}: ${error.message}`,
      todo: 'Mend the file, or the state of the database that it trips over, and run the same command again.',
    },
    { cause: error },
  );
}
