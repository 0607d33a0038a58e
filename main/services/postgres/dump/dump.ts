/** Dumps by pg_dump of the server's own version; what is counted is counted in the same snapshot that is dumped. */
import { asNoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { jsonPart } from '../../dump-parts.ts';
import type { DumpCount, DumpFacts, DumpPlace, PutPart } from '../../dumper.ts';
import { type Catalog, catalogPart, readCatalog } from './catalog.ts';
import { onDatabase } from './connect.ts';
import { tableRows } from './tables.ts';

const port = 5432;

export async function counts({ connection }: DumpPlace, signal: AbortSignal): Promise<readonly DumpCount[]> {
  const { databases } = await onDatabase(connection, connection.parts.database!, signal, (client) =>
    readCatalog(client, connection.parts.database!),
  );
  const all: DumpCount[] = [];
  for (const { name } of databases) {
    const tables = await onDatabase(connection, name, signal, async (client) => {
      await client.query(`set statement_timeout = ${limits.dumpLookTimeout}`);
      return tableRows(client, true).catch(() => tableRows(client, false));
    });
    all.push(...named(name, tables, databases.length));
  }
  return all;
}

export async function dump(place: DumpPlace, put: PutPart, signal: AbortSignal): Promise<DumpFacts> {
  const { connection } = place;
  const own = connection.parts.database!;
  const catalog: Catalog = await onDatabase(connection, own, signal, (client) => readCatalog(client, own));
  await put(catalogPart, jsonPart(catalog));
  const all: DumpCount[] = [];
  for (const { name, part } of catalog.databases) {
    await onDatabase(connection, name, signal, async (client) => {
      await client.query('begin isolation level repeatable read, read only');
      const { rows } = await client.query<{ id: string }>('select pg_export_snapshot() as id');
      const [tables] = await Promise.all([tableRows(client, true), put(part, dumped(place, name, rows[0]!.id, signal))]);
      all.push(...named(name, tables, catalog.databases.length));
    });
  }
  return { counts: all, notes: ['Passwords of roles are not kept: roles that are missing where it is restored cannot sign in.'] };
}

/**
 * pg_dump compresses by itself: what it hands over is a fraction, and it takes half the work of a second program that does.
 * One that was built without zstd, or is older than 16, says so before it writes anything; the archive compresses then.
 */
async function* dumped(place: DumpPlace, database: string, snapshot: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const argv = (compress: string) =>
    ['pg_dump', '--format=custom', `--compress=${compress}`, '--no-password', `--snapshot=${snapshot}`] as const;
  const output = (compress: string) => toolOutput(place, argv(compress), database, `dump ${database}`, signal);
  let any = false;
  try {
    for await (const chunk of output(`zstd:${limits.archiveLevel}`)) {
      any = true;
      yield chunk;
    }
  } catch (error) {
    if (any || !refusesZstd(error)) throw error;
    yield* output('0');
  }
}

/** @param error of a tool; see validate_compress_specification and parse_compress_options in PostgreSQL's src/common/compression.c */
export function refusesZstd(error: unknown): boolean {
  const { code, why } = asNoodleError(error).problem;
  return code === 'tool-failed' && /compress/i.test(why ?? '') && /zstd|-Z/.test(why ?? '');
}

/** What a tool prints that is told by its environment whom to connect to. */
export async function* toolOutput(
  place: DumpPlace,
  argv: readonly [string, ...string[]],
  database: string | undefined,
  doing: string,
  signal: AbortSignal,
  input?: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { parts } = place.connection;
  const address = await place.tools.address(port);
  const env = {
    PGHOST: address.host,
    PGPORT: String(address.port),
    PGUSER: parts.user ?? '',
    PGPASSWORD: parts.password ?? '',
    PGAPPNAME: 'noodlebox',
    // Not as an argument, where a name with an equals sign would be taken for more than a name.
    ...(database === undefined ? {} : { PGDATABASE: database }),
  };
  yield* place.tools.run({ argv, env, input, signal, doing });
}

export function named(
  database: string,
  tables: readonly { readonly name: string; readonly rows: number }[],
  databases: number,
): DumpCount[] {
  return tables.map(({ name, rows }) => ({ name: databases > 1 ? `${database}: ${name}` : name, count: rows, checksum: null }));
}
