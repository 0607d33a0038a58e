/** Seeding PostgreSQL: migrations in one transaction each, data by COPY, what is loaded noted in the transaction that loads it. */
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
  create table if not exists noodlebox.lanes (batch integer, lane integer, primary key (batch, lane));
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
    async load(dataset, { part, from, to }, mark) {
      const table = part as Table;
      const there = await lanesThere(client, mark.batches);
      const lanes = lanesOf(from, to).filter(({ lane }) => !there.has(lane));
      const copies = lanes.map(({ lane, from, to }) =>
        client.lend((lent) => copyLane(lent, table, copyText(dataset, table, from, to), { batch: mark.batches, lane })),
      );
      // All of them end before an error is told: the next run must not meet one that is still copying.
      const failed = (await Promise.allSettled(copies)).find((copy) => copy.status === 'rejected');
      if (failed) throw failed.reason;
      await client.transaction((query) => writeMark(query, mark));
    },
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

/** A mark that moves on leaves the lanes of its batch behind. */
async function writeMark(query: Query, mark: LoadMark): Promise<void> {
  await query(bookkeeping);
  await query('delete from noodlebox.lanes');
  await query(
    `insert into noodlebox.load (mark) values ($1)
     on conflict (only_row) do update set mark = excluded.mark`,
    [JSON.stringify(mark)],
  );
}

/** Any number that nobody else is likely to lock. */
const laneLock = 6_650_543_201;

/** Waits for lanes of a process that was killed: the server may still be about to commit one. */
async function lanesThere(client: PostgresClient, batch: number): Promise<ReadonlySet<number>> {
  return client.transaction(async (query) => {
    await query('select pg_advisory_xact_lock($1)', [laneLock]);
    const rows = await query<{ lane: number }>('select lane from noodlebox.lanes where batch = $1', [batch]);
    return new Set(rows.map(({ lane }) => lane));
  });
}

/** A batch is copied by several connections at once: the server uses one core for each. */
function lanesOf(from: number, to: number) {
  const rows = Math.ceil((to - from) / limits.seedCopyLanes);
  return Array.from({ length: limits.seedCopyLanes }, (_, lane) => {
    const begin = Math.min(to, from + lane * rows);
    return { lane, from: begin, to: Math.min(to, begin + rows) };
  });
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

/** The lane's rows and the note that they are there, or neither. */
async function copyLane(
  client: PoolClient,
  table: Table,
  text: Iterable<string>,
  place: { readonly batch: number; readonly lane: number },
): Promise<void> {
  const columns = tables[table].map(quoteIdentifier).join(', ');
  await client.query('begin');
  try {
    // What a crash of the server may take back is whole lanes, each with its note: nothing to wait for.
    await client.query('set local synchronous_commit = off');
    await client.query('select pg_advisory_xact_lock_shared($1)', [laneLock]);
    await pipeline(text, client.query(copyFrom(`copy ${quoteIdentifier(table)} (${columns}) from stdin`)));
    await client.query('insert into noodlebox.lanes (batch, lane) values ($1, $2)', [place.batch, place.lane]);
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
