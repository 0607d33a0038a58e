import type pg from 'pg';
import { quoteQualified } from '../quote.ts';

/** Tables with rows of their own: partitions, but not what is partitioned; no temporary ones. */
const tablesQuery = `
  select n.nspname as schema, c.relname as name, greatest(c.reltuples, 0)::float8 as estimate
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
  order by 1, 2`;

export interface TableRows {
  /** `users`, or `schema.users` */
  readonly name: string;
  readonly rows: number;
}

/** @param exact counted, else as the planner believes */
export async function tableRows(client: pg.Client, exact: boolean): Promise<TableRows[]> {
  const { rows } = await client.query<{ schema: string; name: string; estimate: number }>(tablesQuery);
  const counted: TableRows[] = [];
  for (const { schema, name, estimate } of rows) {
    const told = schema === 'public' ? name : `${schema}.${name}`;
    if (!exact) {
      counted.push({ name: told, rows: estimate });
      continue;
    }
    const found = await client.query<{ n: string }>(`select count(*) as n from only ${quoteQualified(schema, name)}`);
    counted.push({ name: told, rows: Number(found.rows[0]!.n) });
  }
  return counted;
}
