/** Restores into databases of their own, which then take the names of those that are there. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { readJsonPart, wrongPart } from '../../dump-parts.ts';
import type { DumpCount, DumpPart, DumpPlace, Staged, StageOptions } from '../../dumper.ts';
import { quoteIdentifier } from '../quote.ts';
import { Catalog, catalogPart, type Database, type Role } from './catalog.ts';
import { asideOf, onDatabase } from './connect.ts';
import { named, toolOutput } from './dump.ts';
import { tableRows } from './tables.ts';

const Swaps = z.array(z.object({ fresh: z.string(), name: z.string(), old: z.string() }));
type Swap = z.infer<typeof Swaps>[number];

export async function stage(place: DumpPlace, parts: AsyncIterable<DumpPart>, { id, signal }: StageOptions): Promise<Staged> {
  const { connection } = place;
  const reading = parts[Symbol.asyncIterator]();
  const next = async () => ((await reading.next()) as IteratorResult<DumpPart, undefined>).value;
  const catalog = await readJsonPart(await next(), catalogPart, Catalog);
  const notes: string[] = [];
  const counts: DumpCount[] = [];
  const swaps: Swap[] = [];
  await onDatabase(connection, asideOf(connection.parts.database!), signal, async (admin) => {
    await makeRoles(admin, catalog.roles);
    for (const [at, database] of catalog.databases.entries()) {
      const part = await next();
      if (part?.name !== database.part) throw wrongPart(database.part, 'it is missing');
      const swap = { fresh: `noodlebox-new-${id}-${at}`, name: database.name, old: `noodlebox-old-${id}-${at}` };
      swaps.push(swap);
      await createDatabase(admin, swap.fresh, database, notes);
      const argv = ['pg_restore', '--exit-on-error', '--no-password', `--dbname=${swap.fresh}`] as const;
      for await (const _ of toolOutput(place, argv, undefined, `restore ${database.name}`, signal, part.content));
      const tables = await onDatabase(connection, swap.fresh, signal, async (client) => {
        for (const setting of database.settings) await keepSetting(client, swap.fresh, setting);
        await client.query('analyze');
        return tableRows(client, true);
      });
      counts.push(...named(database.name, tables, catalog.databases.length));
    }
  });
  return { record: swaps, counts, notes };
}

export async function swap({ connection }: DumpPlace, record: unknown, { signal }: StageOptions): Promise<void> {
  for (const each of Swaps.parse(record)) {
    await onDatabase(connection, asideOf(each.name), signal, async (admin) => {
      if (await exists(admin, each.fresh)) await rename(admin, each);
      await dropDatabase(admin, each.old);
    });
  }
}

export async function discard({ connection }: DumpPlace, { id, signal }: Pick<StageOptions, 'id' | 'signal'>): Promise<void> {
  await onDatabase(connection, asideOf(connection.parts.database!), signal, async (admin) => {
    const { rows } = await admin.query<{ name: string }>(`select datname as name from pg_database where starts_with(datname::text, $1)`, [
      `noodlebox-new-${id}-`,
    ]);
    for (const { name } of rows) await dropDatabase(admin, name);
  });
}

/** Roles that tables may belong to; one that is there already stays as it is. None of them can sign in or is a superuser. */
async function makeRoles(admin: pg.Client, roles: readonly Role[]): Promise<void> {
  const { rows } = await admin.query<{ name: string }>('select rolname as name from pg_roles');
  const known = new Set(rows.map(({ name }) => name));
  const missing = roles.filter(({ name }) => !known.has(name));
  for (const { name, createdb, createrole } of missing) {
    const options = ['nologin', createdb ? 'createdb' : 'nocreatedb', createrole ? 'createrole' : 'nocreaterole'];
    await admin.query(`create role ${quoteIdentifier(name)} ${options.join(' ')}`);
  }
  for (const { name, memberOf } of missing) {
    for (const group of memberOf) await admin.query(`grant ${quoteIdentifier(group)} to ${quoteIdentifier(name)}`);
  }
}

/** As it was made, or with the server's own locale where this system does not have that one. */
async function createDatabase(admin: pg.Client, fresh: string, database: Database, notes: string[]): Promise<void> {
  const { name, owner, encoding, provider, collate, ctype, locale } = database;
  const head = `create database ${quoteIdentifier(fresh)} template template0 owner ${quoteIdentifier(owner)} encoding ${literal(encoding)}`;
  const kinds: Readonly<Record<string, string>> = {
    c: '',
    i: ` locale_provider icu icu_locale ${literal(locale ?? '')}`,
    b: ` locale_provider builtin builtin_locale ${literal(locale ?? '')}`,
  };
  try {
    await admin.query(`${head} lc_collate ${literal(collate)} lc_ctype ${literal(ctype)}${kinds[provider] ?? ''}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !['22023', '42809', '0A000'].includes(error.code ?? '')) throw error;
    await admin.query(`create database ${quoteIdentifier(fresh)} template template0 owner ${quoteIdentifier(owner)}`);
    notes.push(`${name} was made with the locale ${collate}, which this server does not have: it sorts as the server's own does.`);
  }
}

/** A statement that takes no parameters; quotes are doubled, and backslashes mean nothing (standard_conforming_strings). */
function literal(text: string): string {
  return pg.escapeLiteral(text);
}

/** A setting is a list or a text: the server itself says it back as it has it now. */
async function keepSetting(client: pg.Client, database: string, setting: string): Promise<void> {
  const at = setting.indexOf('=');
  const name = setting.slice(0, at);
  await client.query('select set_config($1, $2, false)', [name, setting.slice(at + 1)]);
  const parts = name.split('.').map(quoteIdentifier).join('.');
  await client.query(`alter database ${quoteIdentifier(database)} set ${parts} from current`);
}

/** Both names change in one transaction, once nobody is connected; until then everything is as it was. */
async function rename(admin: pg.Client, { fresh, name, old }: Swap): Promise<void> {
  const there = await exists(admin, name);
  if (there) await admin.query(`alter database ${quoteIdentifier(name)} with allow_connections false`);
  try {
    for (let waited = 0; ; waited += limits.dumpRenamePause) {
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = any($1)', [[name, fresh]]);
      try {
        await admin.query('begin');
        if (there) await admin.query(`alter database ${quoteIdentifier(name)} rename to ${quoteIdentifier(old)}`);
        await admin.query(`alter database ${quoteIdentifier(fresh)} rename to ${quoteIdentifier(name)}`);
        await admin.query('commit');
        return;
      } catch (error) {
        await admin.query('rollback');
        // 55006: someone is connected still
        if (!(error instanceof pg.DatabaseError) || error.code !== '55006' || waited >= limits.dumpRenamePatience) throw error;
        await pause(limits.dumpRenamePause);
      }
    }
  } catch (error) {
    if (there) await admin.query(`alter database ${quoteIdentifier(name)} with allow_connections true`).catch(() => {});
    throw new NoodleError(
      {
        code: 'query-failed',
        what: `The database ${name} could not be replaced.`,
        why: (error as Error).message,
        todo: 'End what is connected to it.',
      },
      { cause: error },
    );
  }
}

async function exists(admin: pg.Client, name: string): Promise<boolean> {
  return (await admin.query('select from pg_database where datname = $1', [name])).rowCount === 1;
}

async function dropDatabase(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`drop database if exists ${quoteIdentifier(name)} with (force)`);
}
