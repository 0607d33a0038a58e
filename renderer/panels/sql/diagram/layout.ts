/** Where tables and their foreign keys stand in a diagram: pure. */
import { Graph, layout } from '@dagrejs/dagre';
import type { CatalogTable } from '../../../../preload/contract/sql.ts';

export interface Placed {
  id: string;
  table: CatalogTable;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Columns drawn: keys first; the others are counted. */
  columns: { name: string; type: string; key: boolean; link: boolean }[];
  hidden: number;
}

export interface Line {
  id: string;
  from: string;
  to: string;
  label: string;
}

const width = 220;
const headHeight = 28;
const rowHeight = 18;
const columnsShown = 12;

export function diagramOf(tables: readonly CatalogTable[], shortType: (type: string) => string): { tables: Placed[]; lines: Line[] } {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 90, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  const ids = new Set(tables.map(idOf));
  const drawn = tables.map((table) => ({ table, ...columnsOf(table, shortType) }));
  for (const { table, columns, hidden } of drawn) {
    const height = headHeight + (columns.length + (hidden > 0 ? 1 : 0)) * rowHeight + 8;
    graph.setNode(idOf(table), { width, height });
  }
  const lines = tables.flatMap((table) =>
    table.foreignKeys
      .map((key) => ({
        id: `${idOf(table)}/${key.name}`,
        from: idOf(table),
        to: idOf({ schema: key.target.schema, name: key.target.table }),
        label: key.columns.join(', '),
      }))
      .filter(({ to }) => ids.has(to)),
  );
  for (const { from, to, id } of lines) if (from !== to) graph.setEdge(from, to, {}, id);
  layout(graph);
  return {
    tables: drawn.map(({ table, columns, hidden }) => {
      const { x, y, width: wide, height } = graph.node(idOf(table)) as { x: number; y: number; width: number; height: number };
      return { id: idOf(table), table, x: x - wide / 2, y: y - height / 2, width: wide, height, columns, hidden };
    }),
    lines,
  };
}

function idOf({ schema, name }: { schema: string; name: string }): string {
  return JSON.stringify([schema, name]);
}

function columnsOf(table: CatalogTable, shortType: (type: string) => string) {
  const links = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  const all = table.columns.map(({ name, type }) => ({
    name,
    type: shortType(type),
    key: table.primaryKey.includes(name),
    link: links.has(name),
  }));
  const first = all.toSorted((a, b) => Number(b.key) - Number(a.key) || Number(b.link) - Number(a.link));
  const columns = first.slice(0, first.length <= columnsShown ? columnsShown : columnsShown - 1);
  return { columns, hidden: all.length - columns.length };
}
