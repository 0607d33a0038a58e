/** What there is in a database that a bundle can hold. */
import type { FieldOutline } from '../../portion.ts';
import { quoteQualified } from '../quote.ts';
import { plainField, type Reference, type Table, tableName } from './graph.ts';

export interface TableFacts extends Table {
  readonly oid: string;
  /** As FROM takes it: what inherits from it is a table of its own, its partitions are not. */
  readonly source: string;
  readonly columns: readonly ColumnFacts[];
}

export interface ColumnFacts {
  readonly name: string;
  /** Without its length, and of a domain what lies below it: as an array of values is cast to. */
  readonly type: string;
  readonly shown: string;
  readonly base: string;
  readonly most: number | undefined;
  readonly nullable: boolean;
  readonly generated: boolean;
  readonly unique: boolean;
}

export type Ask = <R>(text: string, values?: readonly unknown[]) => Promise<readonly R[]>;

/**
 * Tables of people: none of the system's, of an extension's, of another server's, and no partition by itself. A type is
 * told with -1 for its length, so that a cast to it cuts nothing off: `character` alone would be one character.
 */
const tablesQuery = `
  select c.oid::text as oid, n.nspname as schema, c.relname as name, c.relkind = 'p' as partitioned,
    (select array_agg(k.attname::text order by array_position(i.indkey::int2[], k.attnum))
       from pg_index i join pg_attribute k on k.attrelid = c.oid and k.attnum = any(i.indkey::int2[])
       where i.indexrelid = (
         select u.indexrelid from pg_index u
         where u.indrelid = c.oid and u.indisunique and u.indisvalid and u.indpred is null and u.indexprs is null
           and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum = any(u.indkey::int2[]) and not a.attnotnull)
         order by u.indisprimary desc, u.indnatts, u.indexrelid limit 1)) as key,
    (select coalesce(json_agg(json_build_object(
         'name', a.attname, 'type', format_type(case t.typtype when 'd' then t.typbasetype else t.oid end, -1),
         'shown', format_type(a.atttypid, a.atttypmod), 'base', case t.typtype when 'd' then b.typname else t.typname end,
         'modifier', case t.typtype when 'd' then t.typtypmod else a.atttypmod end,
         'nullable', not a.attnotnull, 'generated', a.attgenerated <> '',
         'unique', exists (select from pg_index u where u.indrelid = c.oid and u.indisunique and u.indnkeyatts = 1 and u.indkey[0] = a.attnum)
       ) order by a.attnum), '[]')
       from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type b on b.oid = t.typbasetype
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  order by 2, 3`;

interface TableRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
  readonly key: readonly string[] | null;
  readonly columns: readonly (Omit<ColumnFacts, 'most'> & { readonly modifier: number })[];
}

export async function readTables(ask: Ask): Promise<ReadonlyMap<string, TableFacts>> {
  const rows = await ask<TableRow>(tablesQuery);
  return new Map(
    rows.map(({ oid, schema, name, partitioned, key, columns }) => {
      const quoted = quoteQualified(schema, name);
      const facts: TableFacts = {
        oid,
        schema,
        name,
        key: key ?? [],
        source: partitioned ? quoted : `only ${quoted}`,
        columns: columns.map(({ modifier, ...column }) => ({
          ...column,
          most: ['varchar', 'bpchar'].includes(column.base) && modifier > 4 ? modifier - 4 : undefined,
        })),
      };
      return [tableName(facts), facts];
    }),
  );
}

/** Foreign keys; one that a partition has by itself stands for its whole table. */
const referencesQuery = `
  select c.conname as name, fn.nspname as from_schema, f.relname as from_table, tn.nspname as to_schema, t.relname as to_table,
         (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality k(number, place)
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) as columns,
         (select array_agg(a.attname::text order by k.place) from unnest(c.confkey) with ordinality k(number, place)
            join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number) as targets
  from pg_constraint c
  join pg_class f on f.oid = coalesce(pg_partition_root(c.conrelid), c.conrelid) join pg_namespace fn on fn.oid = f.relnamespace
  join pg_class t on t.oid = coalesce(pg_partition_root(c.confrelid), c.confrelid) join pg_namespace tn on tn.oid = t.relnamespace
  where c.contype = 'f' and c.conparentid = 0 order by 2, 3, 1`;

export async function readReferences(ask: Ask, tables: ReadonlyMap<string, Table>): Promise<readonly Reference[]> {
  const rows = await ask<{
    readonly name: string;
    readonly from_schema: string;
    readonly from_table: string;
    readonly to_schema: string;
    readonly to_table: string;
    readonly columns: readonly string[];
    readonly targets: readonly string[];
  }>(referencesQuery);
  return rows.flatMap(({ name, from_schema, from_table, to_schema, to_table, columns, targets }): Reference[] => {
    const from = tableName({ schema: from_schema, name: from_table });
    const to = tableName({ schema: to_schema, name: to_table });
    if (!tables.has(from) || !tables.has(to)) return [];
    return [{ name, from, fields: columns.map(plainField), to, targets: targets.map(plainField) }];
  });
}

export interface SequenceFacts {
  readonly schema: string;
  readonly name: string;
  readonly last: string;
}

/** Those that have given a number. */
export async function readSequences(ask: Ask): Promise<readonly SequenceFacts[]> {
  return ask<SequenceFacts>(
    `select schemaname as schema, sequencename as name, last_value::text as last from pg_sequences where last_value is not null order by 1, 2`,
  );
}

export async function readExtensions(ask: Ask): Promise<readonly { readonly name: string; readonly schema: string }[]> {
  return ask(
    `select e.extname as name, n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace
     where e.extname <> 'plpgsql' order by 1`,
  );
}

const texts = new Set(['text', 'varchar', 'bpchar', 'name', 'citext']);

export function shapeOfColumn({ base }: ColumnFacts): FieldOutline['shape'] {
  if (texts.has(base)) return 'text';
  if (base === 'json' || base === 'jsonb') return 'json';
  return base === 'uuid' ? 'uuid' : 'other';
}

export function fieldsOf(name: string, table: TableFacts, references: readonly Reference[]): readonly FieldOutline[] {
  return table.columns.map((column) => ({
    name: column.name,
    type: column.shown,
    shape: shapeOfColumn(column),
    most: column.most,
    nullable: column.nullable,
    unique: column.unique,
    joins: references.flatMap(({ from, fields, to, targets }) =>
      fields.flatMap((field, at) => [
        ...(from === name && field.column === column.name && field.path.length === 0 ? [`${to}.${targets[at]!.column}`] : []),
        ...(to === name && targets[at]!.column === column.name ? [`${from}.${field.column}`] : []),
      ]),
    ),
  }));
}
