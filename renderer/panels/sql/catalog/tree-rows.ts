/** The catalogue as the rows of a tree: pure. */
import type { Catalog, CatalogColumn, CatalogTable } from '../../../../preload/contract/sql.ts';

export type CatalogNode = { id: string; depth: number; label: string; branch: boolean; open: boolean } & (
  | { kind: 'schema' }
  | { kind: 'group'; of: 'functions' | 'indexes'; count: number }
  | { kind: 'table'; table: CatalogTable }
  | { kind: 'column'; table: CatalogTable; column: CatalogColumn }
  | { kind: 'index'; bytes: number }
  | { kind: 'function'; detail: string }
);

export interface TreeWanted {
  /** Ids of branches that are turned from how they begin: schemas are open, all else is closed. */
  turned: ReadonlySet<string>;
  /** Only tables and columns whose name contains it. */
  text: string;
}

export function catalogNodes(catalog: Catalog, { turned, text }: TreeWanted): CatalogNode[] {
  const wanted = text.trim().toLowerCase();
  const nodes: CatalogNode[] = [];
  const tables = Map.groupBy(catalog.tables, ({ schema }) => schema);
  const functions = Map.groupBy(catalog.functions, ({ schema }) => schema);
  for (const schema of catalog.schemas) {
    const id = `schema:${schema}`;
    const matching = (tables.get(schema) ?? []).filter((table) => matches(table, wanted));
    const routines = (functions.get(schema) ?? []).filter(({ name }) => name.toLowerCase().includes(wanted));
    if (wanted !== '' && matching.length + routines.length === 0) continue;
    const open = wanted !== '' || !turned.has(id);
    nodes.push({ kind: 'schema', id, depth: 0, label: schema, branch: true, open });
    if (!open) continue;
    for (const table of matching) nodes.push(...tableNodes(table, turned, wanted));
    if (routines.length > 0) {
      const group = `functions:${schema}`;
      const shown = turned.has(group) || wanted !== '';
      nodes.push({
        kind: 'group',
        of: 'functions',
        id: group,
        depth: 1,
        label: 'Functions',
        branch: true,
        open: shown,
        count: routines.length,
      });
      if (!shown) continue;
      for (const [at, { name, arguments: given, result }] of routines.entries()) {
        nodes.push({
          kind: 'function',
          id: `${group}:${at}`,
          depth: 2,
          label: `${name}(${given})`,
          branch: false,
          open: false,
          detail: result,
        });
      }
    }
  }
  return nodes;
}

function tableNodes(table: CatalogTable, turned: ReadonlySet<string>, wanted: string): CatalogNode[] {
  const id = tableId(table.schema, table.name);
  const open = turned.has(id);
  const nodes: CatalogNode[] = [{ kind: 'table', id, depth: 1, label: table.name, branch: true, open, table }];
  if (!open) return nodes;
  const columns = table.columns.filter(({ name }) => table.name.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted));
  for (const column of columns) {
    nodes.push({ kind: 'column', id: `${id}:${column.name}`, depth: 2, label: column.name, branch: false, open: false, table, column });
  }
  if (table.indexes.length > 0) {
    const group = `indexes:${id}`;
    const shown = turned.has(group);
    nodes.push({
      kind: 'group',
      of: 'indexes',
      id: group,
      depth: 2,
      label: 'Indexes',
      branch: true,
      open: shown,
      count: table.indexes.length,
    });
    if (shown) {
      for (const { name, bytes } of table.indexes) {
        nodes.push({ kind: 'index', id: `${group}:${name}`, depth: 3, label: name, branch: false, open: false, bytes });
      }
    }
  }
  return nodes;
}

export function tableId(schema: string, table: string): string {
  return `table:${JSON.stringify([schema, table])}`;
}

function matches({ name, columns }: CatalogTable, wanted: string): boolean {
  return wanted === '' || name.toLowerCase().includes(wanted) || columns.some((column) => column.name.toLowerCase().includes(wanted));
}

/** "1.2M", "14k": the planner's guess needs no more digits. */
export function about(rows: number): string {
  if (rows < 1_000) return String(Math.round(rows));
  const [unit, size] = rows < 999_500 ? ['k', 1e3] : rows < 999_500_000 ? ['M', 1e6] : ['G', 1e9];
  const short = rows / (size as number);
  return `${short < 9.95 ? short.toFixed(1) : Math.round(short)}${unit}`;
}
