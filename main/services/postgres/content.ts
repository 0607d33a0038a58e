/** Rows of all tables of the database, and the shape of the tables. */
import { limits } from '../../limits.ts';
import { type ContentItem, type ContentPart, type StoreContent, shownText } from '../content.ts';
import type { Connection } from '../kind.ts';
import { openPostgres, type PostgresClient } from './client.ts';
import { quoteIdentifier, quoteQualified } from './quote.ts';

/** Columns and indexes are compared as a table of their own. */
const schema = '(schema)';

const tablesQuery = `
  select n.nspname as schema, c.relname as name,
    coalesce((
      select array_agg(a.attname::text order by k.place)
      from pg_index i, unnest(i.indkey) with ordinality k(number, place), pg_attribute a
      where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid and a.attnum = k.number
    ), '{}') as keys
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and c.relpersistence <> 't'
    and n.nspname not in ('pg_catalog', 'information_schema', 'noodlebox') and n.nspname !~ '^pg_'
  order by 1, 2`;

const schemaQuery = `
  select format('column %s.%s.%s', n.nspname, c.relname, a.attname) as key,
    format('%s%s%s', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' end,
      ' default ' || pg_get_expr(d.adbin, d.adrelid)) as text
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm')
    and n.nspname not in ('pg_catalog', 'information_schema', 'noodlebox') and n.nspname !~ '^pg_'
  union all
  select format('index %s.%s', schemaname, indexname), indexdef from pg_indexes
  where schemaname not in ('pg_catalog', 'information_schema', 'noodlebox') and schemaname !~ '^pg_'`;

interface Table {
  readonly schema: string;
  readonly name: string;
  /** Columns of the primary key. */
  readonly keys: readonly string[];
}

/** @throws NoodleError wrong-password, service-unreachable */
export async function openContent(connection: Connection): Promise<StoreContent> {
  const client = await openPostgres(connection, { statementTimeout: 0 });
  const tables = new Map<string, Table>();
  return {
    item: 'row',
    notes: [`Only the database ${connection.parts.database} is compared; of views, functions and sequences nothing is.`],
    async parts(signal) {
      for (const table of await client.query<Table>(tablesQuery, [], signal)) tables.set(`${table.schema}.${table.name}`, table);
      const shape = await client.query<{ key: string; text: string }>(schemaQuery, [], signal);
      const parts: ContentPart[] = [{ name: schema, items: shape.length, digest: null }];
      for (const [name, table] of tables) parts.push({ name, ...(await digestOf(client, table, signal)) });
      return parts;
    },
    items: (part, signal) => (part === schema ? shapeOf(client, signal) : rowsOf(client, tables.get(part)!, signal)),
    close: () => client.close(),
  };
}

/** The sum of the rows' hashes: it is the same in whatever order they lie. */
async function digestOf(client: PostgresClient, { schema, name }: Table, signal: AbortSignal): Promise<Omit<ContentPart, 'name'>> {
  const [row] = await client.query<{ items: string; digest: string }>(
    `select count(*) as items, coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text as digest
     from ${quoteQualified(schema, name)} t`,
    [],
    signal,
  );
  return { items: Number(row!.items), digest: `${row!.items} ${row!.digest}` };
}

async function* rowsOf(client: PostgresClient, { schema, name, keys }: Table, signal: AbortSignal): AsyncIterable<readonly ContentItem[]> {
  // Without a primary key a row is known by all that is in it.
  const key =
    keys.length > 0 ? `jsonb_build_array(${keys.map((column) => `t.${quoteIdentifier(column)}`).join(', ')})::text` : 'md5(t::text)';
  const text = `select ${key} as key, md5(t::text) as digest, left(row_to_json(t)::text, $1) as text from ${quoteQualified(schema, name)} t`;
  for await (const rows of client.pages<ContentItem>(text, [limits.diffText + 1], signal)) {
    yield rows.map((row) => ({ key: row.key, digest: row.digest, text: shownText(row.text, limits.diffText) }));
  }
}

async function* shapeOf(client: PostgresClient, signal: AbortSignal): AsyncIterable<readonly ContentItem[]> {
  const rows = await client.query<{ key: string; text: string }>(schemaQuery, [], signal);
  yield rows.map(({ key, text }) => ({ key, digest: text, text: shownText(text, limits.diffText) }));
}
