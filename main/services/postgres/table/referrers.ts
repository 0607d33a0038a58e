/** Rows of other tables that refer to a row. */
import type { TableName } from '../../../../preload/contract/sql.ts';
import { limits } from '../../../limits.ts';
import type { PostgresClient } from '../client.ts';
import { quoteIdentifier, quoteQualified } from '../quote.ts';
import { keyText } from './read.ts';
import { shapeOf } from './shape.ts';
import { textQuery } from './text-query.ts';

interface ForeignKeyRow {
  readonly schema: string;
  readonly table: string;
  readonly columns: string[];
  readonly targets: string[];
  readonly cascade: boolean;
}

const incoming = `
  select n.nspname as schema, f.relname as table, c.confdeltype = 'c' as cascade,
         (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality k(number, place)
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) as columns,
         (select array_agg(a.attname::text order by k.place) from unnest(c.confkey) with ordinality k(number, place)
            join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number) as targets
  from pg_constraint c join pg_class f on f.oid = c.conrelid join pg_namespace n on n.oid = f.relnamespace
  where c.contype = 'f' and c.confrelid = to_regclass($1) and c.conparentid = 0 order by 1, 2, c.conname`;

export async function readReferrers(
  client: PostgresClient,
  name: TableName,
  key: Readonly<Record<string, string | null>>,
  signal: AbortSignal,
) {
  const shape = await shapeOf(client, name, signal);
  const keys = await client.query<ForeignKeyRow>(incoming, [shape.quoted], signal);
  const found = [];
  for (const { schema, table, columns, targets, cascade } of keys) {
    const where = keyText(shape, key);
    const values = await client.lend(
      (lent) =>
        textQuery(lent, {
          text: `select ${targets.map(quoteIdentifier).join(', ')} from ${shape.quoted}${where.text}`,
          values: where.values,
        }),
      signal,
    );
    const row = values[0];
    if (!row) continue;
    const conditions = columns.map((column, at) => `${quoteIdentifier(column)} = $${at + 1}`).join(' and ');
    const counted = await client.lend(
      (lent) =>
        textQuery(lent, {
          text: `select count(*) from (select from ${quoteQualified(schema, table)} where ${conditions} limit ${limits.sqlReferrers + 1}) found`,
          values: row,
        }),
      signal,
    );
    const rows = Number(counted[0]![0]);
    found.push({
      from: { schema, table },
      columns,
      values: [...row],
      rows: Math.min(rows, limits.sqlReferrers),
      more: rows > limits.sqlReferrers,
      cascade,
    });
  }
  return found;
}
