/** Schemas, tables and all that belongs to them, in one look. */
import type { Catalog, CatalogColumn, CatalogTable, ForeignKey } from '../../../../preload/contract/sql.ts';
import { limits } from '../../../limits.ts';
import type { PostgresClient } from '../client.ts';
import { kindOfType } from '../results/types.ts';
import {
  columnsQuery, constraintsQuery, databaseQuery, functionsQuery, indexesQuery, schemasQuery, tablesQuery, triggersQuery,
} from './queries.ts'; // biome-ignore format: a list is read as a list

type Named = { readonly oid: string; readonly name: string };
type TableRow = Named & Pick<CatalogTable, 'schema' | 'kind' | 'rows' | 'bytes' | 'comment'>;
type ColumnRow = Named & Omit<CatalogColumn, 'kind'> & { readonly base: string | null };
type ConstraintRow = Named & {
  readonly kind: 'p' | 'u' | 'f' | 'c' | 'x';
  readonly definition: string;
  readonly columns: string[] | null;
  readonly target_schema: string | null;
  readonly target_table: string | null;
  readonly target_columns: string[] | null;
};
type IndexRow = Named & CatalogTable['indexes'][number];
type TriggerRow = Named & { readonly definition: string };

export async function readCatalog(client: PostgresClient, signal: AbortSignal): Promise<Catalog> {
  const ask = <R>(text: string, values: readonly unknown[] = []) => client.query<R>(text, values, signal);
  const [databases, schemas, tables, functions] = await Promise.all([
    ask<Pick<Catalog, 'database' | 'user' | 'version' | 'bytes'>>(databaseQuery),
    ask<{ name: string }>(schemasQuery),
    ask<TableRow>(tablesQuery, [limits.sqlCatalogTables + 1]),
    ask<Catalog['functions'][number]>(functionsQuery, [limits.sqlCatalogFunctions + 1]),
  ]);
  const told = tables.slice(0, limits.sqlCatalogTables);
  const oids = [told.map(({ oid }) => oid)];
  const [columns, constraints, indexes, triggers] = await Promise.all([
    ask<ColumnRow>(columnsQuery, oids),
    ask<ConstraintRow>(constraintsQuery, oids),
    ask<IndexRow>(indexesQuery, oids),
    ask<TriggerRow>(triggersQuery, oids),
  ]);
  const of = { columns: byTable(columns), constraints: byTable(constraints), indexes: byTable(indexes), triggers: byTable(triggers) };
  const { version, ...database } = databases[0]!;
  return {
    ...database,
    version: version.split(' ')[0]!,
    schemas: schemas.map(({ name }) => name),
    tables: told.map(({ oid, ...table }): CatalogTable => {
      const keys = of.constraints(oid);
      return {
        ...table,
        columns: of.columns(oid).map(({ oid: _, base, ...column }) => ({ ...column, kind: kindOfType(base ?? column.type) })),
        primaryKey: keys.find(({ kind }) => kind === 'p')?.columns ?? [],
        foreignKeys: keys.filter(({ kind }) => kind === 'f').map(foreignKey),
        indexes: of.indexes(oid).map(({ oid: _, ...index }) => index),
        constraints: [...keys.filter(({ kind }) => kind !== 'p' && kind !== 'f'), ...of.triggers(oid)].map(({ name, definition }) => ({
          name,
          definition,
        })),
      };
    }),
    functions: functions.slice(0, limits.sqlCatalogFunctions).map((each) => ({ ...each })),
    cut: tables.length > limits.sqlCatalogTables || functions.length > limits.sqlCatalogFunctions,
  };
}

function foreignKey({ name, columns, target_schema, target_table, target_columns }: ConstraintRow): ForeignKey {
  return {
    name,
    columns: columns ?? [],
    target: { schema: target_schema ?? '', table: target_table ?? '' },
    targetColumns: target_columns ?? [],
  };
}

function byTable<T extends { readonly oid: string }>(rows: readonly T[]): (oid: string) => readonly T[] {
  const groups = Map.groupBy(rows, ({ oid }) => oid);
  return (oid) => groups.get(oid) ?? [];
}
