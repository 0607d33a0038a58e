/** SQL for the editor: PostgreSQL's words, and completion from the live schema. */
import { PostgreSQL, type SQLNamespace, sql } from '@codemirror/lang-sql';
import type { Extension } from '@codemirror/state';
import type { Catalog } from '../../../../preload/contract/sql.ts';

export function sqlLanguage(catalog: Catalog | undefined): Extension[] {
  if (catalog === undefined) return [sql({ dialect: PostgreSQL })];
  const schema: Record<string, Record<string, SQLNamespace>> = {};
  for (const name of catalog.schemas) schema[name] = {};
  for (const { schema: name, name: table, columns } of catalog.tables) {
    const namespace = schema[name];
    if (!namespace) continue;
    namespace[table] = columns.map((column) => ({ label: column.name, type: 'property', detail: column.type }));
  }
  return [sql({ dialect: PostgreSQL, schema: schema as SQLNamespace, defaultSchema: 'public' })];
}
