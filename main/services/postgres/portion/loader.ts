/**
 * Loads a bundle into an empty database. Its schema is SQL from outside: it is run by a role made for this, which owns
 * what it makes and may do nothing else, neither read files nor run programs of the server's machine.
 */
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { checkedIndex, notAsSaid, wholeText } from '../../bundle-parts.ts';
import { abortable } from '../../connect.ts';
import type { Connection } from '../../kind.ts';
import type { PortionLoader } from '../../portion.ts';
import { openPostgres, type PostgresClient } from '../client.ts';
import { classify } from '../errors.ts';
import { quoteIdentifier, quoteQualified } from '../quote.ts';
import { Index, type PostgresIndex } from './index-file.ts';

/** @throws NoodleError archive-damaged, wrong-password, service-unreachable */
export async function openPortionLoader(connection: Connection, service: string, index: unknown): Promise<PortionLoader> {
  const read = checkedIndex(Index, index, service);
  const admin = await openPostgres(connection, { statementTimeout: 0 });
  const loading = new Loading(connection, admin, read);
  return {
    load: (name, content, { signal }) => loading.load(name, content, signal),
    finish: ({ signal }) => loading.finish(signal),
    counts: (signal) => loading.counts(signal),
    close: () => loading.close(),
  };
}

class Loading {
  readonly #connection: Connection;
  readonly #admin: PostgresClient;
  readonly #index: PostgresIndex;
  #role: string | undefined;
  #client: pg.Client | undefined;

  constructor(connection: Connection, admin: PostgresClient, index: PostgresIndex) {
    this.#connection = connection;
    this.#admin = admin;
    this.#index = index;
  }

  async load(name: string, content: Readable, signal: AbortSignal): Promise<void> {
    const client = await this.#asLoader(signal);
    const { schema, tables } = this.#index;
    const table = tables.find(({ part }) => part === name);
    await this.#told(signal, name, async () => {
      if (name === schema.before)
        return this.#run(client, withSchemasThere(await wholeText(content, `postgres/${name}`, limits.bundleSchemaBytes)));
      if (name === schema.after) return this.#run(client, await wholeText(content, `postgres/${name}`, limits.bundleSchemaBytes));
      if (!table) throw notAsSaid(`postgres has no part ${name}`);
      if (table.columns.length === 0) return;
      const columns = table.columns.map(quoteIdentifier).join(', ');
      const into = client.query(copyFrom(`copy ${quoteQualified(table.schema, table.name)} (${columns}) from stdin`));
      await pipeline(content, into, { signal });
    });
  }

  async finish(signal: AbortSignal): Promise<void> {
    const client = await this.#asLoader(signal);
    await this.#told(signal, 'sequences', async () => {
      for (const { schema, name, last } of this.#index.sequences) {
        await client.query('select pg_catalog.setval($1::regclass, $2::bigint)', [quoteQualified(schema, name), last]);
      }
      await client.query('analyze');
      await client.end();
    });
    this.#client = undefined;
    if (this.#role) await this.#handOver(this.#role, signal);
  }

  async counts(signal: AbortSignal) {
    const counts = [];
    for (const { schema, name } of this.#index.tables) {
      const quoted = quoteQualified(schema, name);
      const [found] = await this.#admin.query<{ kind: string }>(
        'select relkind as kind from pg_class where oid = to_regclass($1)',
        [quoted],
        signal,
      );
      // Nothing else may be read as the stack's user: a view would run what it was made of.
      if (found?.kind !== 'r' && found?.kind !== 'p') throw notAsSaid(`postgres: ${schema}.${name} is no table`);
      const [row] = await this.#admin.query<{ rows: string }>(
        `select count(*) as rows from ${found.kind === 'r' ? 'only ' : ''}${quoted}`,
        [],
        signal,
      );
      counts.push({ name: schema === 'public' ? name : `${schema}.${name}`, rows: Number(row!.rows) });
    }
    return counts;
  }

  async close(): Promise<void> {
    await this.#client?.end().catch(() => {});
    await this.#admin.close();
  }

  async #asLoader(signal: AbortSignal): Promise<pg.Client> {
    if (this.#client) return this.#client;
    await this.#extensions(signal);
    const { host, port, parts } = this.#connection;
    const [me] = await this.#admin.query<{ super: boolean }>('select rolsuper as super from pg_roles where rolname = current_user', [], signal); // biome-ignore format: one line
    let user = { user: parts.user, password: parts.password };
    if (me?.super) {
      const password = randomBytes(24).toString('base64url');
      this.#role = `noodlebox_import_${randomBytes(6).toString('hex')}`;
      await this.#makeRole(this.#role, password, signal);
      user = { user: this.#role, password };
    }
    const client = new pg.Client({ host, port, ...user, database: parts.database, application_name: 'noodlebox' });
    client.on('error', () => {});
    await abortable(client.connect(), signal);
    this.#client = client;
    return client;
  }

  async #makeRole(role: string, password: string, signal: AbortSignal): Promise<void> {
    // CREATE ROLE takes no parameters: the server itself quotes what goes in.
    const [made] = await this.#admin.query<{ text: string }>(
      `select format('create role %I login nosuperuser nocreatedb nocreaterole password %L', $1::text, $2::text) as text`,
      [role, password],
      signal,
    );
    await this.#admin.query(made!.text, [], signal);
    const database = quoteIdentifier(this.#connection.parts.database ?? '');
    await this.#admin.query(`grant connect, create, temporary on database ${database} to ${quoteIdentifier(role)}`, [], signal);
    await this.#admin.query(`grant usage, create on schema public to ${quoteIdentifier(role)}`, [], signal);
    for (const schema of new Set(this.#index.extensions.map((extension) => extension.schema))) {
      if (schema === 'public' || schema === 'pg_catalog') continue;
      await this.#admin.query(`grant usage, create on schema ${quoteIdentifier(schema)} to ${quoteIdentifier(role)}`, [], signal);
    }
  }

  /** @throws NoodleError not-supported-by-server */
  async #extensions(signal: AbortSignal): Promise<void> {
    const available = await this.#admin.query<{ name: string }>('select name from pg_available_extensions', [], signal);
    const lacking = this.#index.extensions.filter(({ name }) => !available.some((each) => each.name === name));
    if (lacking.length > 0) {
      throw new NoodleError({
        code: 'not-supported-by-server',
        what: `The bundle's database uses extensions that PostgreSQL lacks here: ${lacking.map(({ name }) => name).join(', ')}.`,
        todo: 'Import it with an image that has them (--file with a compose file of your own).',
      });
    }
    for (const { name, schema } of this.#index.extensions) {
      const [there] = await this.#admin.query('select from pg_extension where extname = $1', [name], signal);
      if (there) continue;
      if (schema !== 'pg_catalog') await this.#admin.query(`create schema if not exists ${quoteIdentifier(schema)}`, [], signal);
      await this.#admin.query(`create extension ${quoteIdentifier(name)} schema ${quoteIdentifier(schema)}`, [], signal);
    }
  }

  /** What was made belongs to the stack's user from now on. */
  async #handOver(role: string, signal: AbortSignal): Promise<void> {
    const quoted = quoteIdentifier(role);
    await this.#admin.query(`reassign owned by ${quoted} to current_user`, [], signal);
    await this.#admin.query(`drop owned by ${quoted}`, [], signal);
    await this.#admin.query(`drop role ${quoted}`, [], signal);
    this.#role = undefined;
  }

  async #run(client: pg.Client, text: string): Promise<void> {
    await client.query(text);
  }

  /** An abort ends the connection, and with it what runs on it. */
  async #told(signal: AbortSignal, part: string, act: () => Promise<void>): Promise<void> {
    try {
      await abortable(act(), signal);
    } catch (error) {
      if (signal.aborted || error instanceof NoodleError) throw error;
      const known = classify(error, this.#connection);
      if (known) throw known;
      if (!(error instanceof pg.DatabaseError)) throw error;
      const where = [error.table, error.constraint, error.where?.split('\n')[0]].filter(Boolean).join(', ');
      throw new NoodleError(
        {
          code: 'query-failed',
          what: `PostgreSQL did not take ${part} of the bundle.`,
          why: `${error.message}${where ? ` (${where})` : ''}`,
        },
        { cause: error },
      );
    }
  }
}

/** Schemas of extensions are there before the rest. */
function withSchemasThere(text: string): string {
  return text.replaceAll(/^CREATE SCHEMA (?!IF NOT EXISTS)/gm, 'CREATE SCHEMA IF NOT EXISTS ');
}
