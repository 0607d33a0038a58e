/** What must be known of a table to read and change its rows: its columns, its key, whether rows carry a version. */
import type { TableName, ValueKind } from '../../../../preload/contract/sql.ts';
import { NoodleError } from '../../../errors.ts';
import type { PostgresClient } from '../client.ts';
import { quoteQualified } from '../quote.ts';
import { kindOfType } from '../results/types.ts';

export interface ShapeColumn {
  readonly name: string;
  readonly type: string;
  readonly kind: ValueKind;
  readonly generated: boolean;
}

export interface TableShape extends TableName {
  /** Quoted and qualified. */
  readonly quoted: string;
  readonly columns: readonly ShapeColumn[];
  /** Columns that tell a row from all others; empty: none do. */
  readonly key: readonly string[];
  /** Rows carry `xmin`: tables do, views and foreign tables do not. */
  readonly versioned: boolean;
}

/** @throws NoodleError not-found */
export async function shapeOf(client: PostgresClient, name: TableName, signal?: AbortSignal): Promise<TableShape> {
  const quoted = quoteQualified(name.schema, name.table);
  const rows = await client.query<{
    name: string;
    type: string;
    base: string | null;
    generated: boolean;
    kind: string;
    key: string[] | null;
  }>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
            case when t.typtype = 'd' then format_type(t.typbasetype, null) end as base,
            a.attidentity <> '' or a.attgenerated <> '' as generated, c.relkind as kind,
            (select array_agg(k.attname::text order by array_position(i.indkey::int2[], k.attnum))
               from pg_index i join pg_attribute k on k.attrelid = c.oid and k.attnum = any(i.indkey::int2[])
               where i.indexrelid = (
                 select u.indexrelid from pg_index u
                 where u.indrelid = c.oid and u.indisunique and u.indisvalid and u.indpred is null and u.indexprs is null
                   and not exists (select from pg_attribute n where n.attrelid = c.oid and n.attnum = any(u.indkey::int2[]) and not n.attnotnull)
                 order by u.indisprimary desc, u.indnatts, u.indexrelid limit 1)) as key
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
     where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f') order by a.attnum`,
    [name.schema, name.table],
    signal,
  );
  if (rows.length === 0) {
    throw new NoodleError({
      code: 'not-found',
      what: `There is no table ${name.schema}.${name.table}.`,
      why: 'It was dropped or renamed, or has no columns.',
      todo: 'Look at the tree again.',
    });
  }
  const { kind, key } = rows[0]!;
  return {
    ...name,
    quoted,
    columns: rows.map(({ name: column, type, base, generated }) => ({ name: column, type, kind: kindOfType(base ?? type), generated })),
    key: key ?? [],
    versioned: kind === 'r' || kind === 'p',
  };
}

/** @throws NoodleError not-found: such a column is not there */
export function columnOf(shape: TableShape, name: string): ShapeColumn {
  const column = shape.columns.find((each) => each.name === name);
  if (column) return column;
  throw new NoodleError({
    code: 'not-found',
    what: `${shape.schema}.${shape.table} has no column ${name}.`,
    todo: 'Look at the tree again.',
  });
}
