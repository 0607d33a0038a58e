import { Background, Controls, type Edge, Handle, MarkerType, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useMantineColorScheme } from '@mantine/core';
import { IconKey, IconLink, IconSitemap } from '@tabler/icons-react';
import { memo, useMemo } from 'react';
import type { Catalog } from '../../../../preload/contract/sql.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { shortType } from '../catalog/short-type.ts';
import { about } from '../catalog/tree-rows.ts';
import css from '../sql.module.css';
import { diagramOf, type Placed } from './layout.ts';

interface DiagramTabProps {
  catalog: Catalog | undefined;
  schema: string;
  onTable: (schema: string, table: string) => void;
}

/** Tables drawn beyond this would be dots. */
const mostTables = 200;

type TableNode = Node<{ placed: Placed }, 'table'>;

/** Tables of a schema and the foreign keys between them; a double click or Enter opens one. */
export function DiagramTab({ catalog, schema, onTable }: DiagramTabProps) {
  const { colorScheme } = useMantineColorScheme();
  const tables = useMemo(
    () => catalog?.tables.filter((table) => table.schema === schema && table.kind !== 'view') ?? [],
    [catalog, schema],
  );
  const { nodes, edges } = useMemo(() => flowOf(tables.slice(0, mostTables)), [tables]);
  if (catalog && tables.length === 0) {
    return (
      <div className={css.center}>
        <EmptyState
          icon={IconSitemap}
          line={`The schema ${schema} has no tables yet. Those it gets are drawn here with their foreign keys.`}
        />
      </div>
    );
  }
  return (
    <div className={css.column} data-testid="sql-diagram">
      {tables.length > mostTables ? (
        <div className={css.note}>
          The first {mostTables} of {tables.length} tables.
        </div>
      ) : null}
      <div className={css.diagram}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          colorMode={colorScheme === 'auto' ? 'system' : colorScheme}
          fitView
          minZoom={0.1}
          nodesConnectable={false}
          deleteKeyCode={null}
          onNodeDoubleClick={(_, node) => onTable(node.data.placed.table.schema, node.data.placed.table.name)}
          proOptions={{ hideAttribution: true }}
        >
          <Background gap={24} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
    </div>
  );
}

function flowOf(tables: Parameters<typeof diagramOf>[0]): { nodes: TableNode[]; edges: Edge[] } {
  const { tables: placed, lines } = diagramOf(tables, shortType);
  return {
    nodes: placed.map((each) => ({
      id: each.id,
      type: 'table',
      position: { x: each.x, y: each.y },
      data: { placed: each },
      width: each.width,
      height: each.height,
      ariaLabel: `Table ${each.table.name}`,
    })),
    edges: lines.map(({ id, from, to, label }) => ({
      id,
      source: from,
      target: to,
      label,
      type: 'smoothstep',
      markerEnd: { type: MarkerType.ArrowClosed },
    })),
  };
}

const TableBox = memo(function TableBox({ data: { placed } }: NodeProps<TableNode>) {
  const { table, columns, hidden } = placed;
  return (
    <div className={css.tableBox}>
      <Handle type="target" position={Position.Left} className={css.handle} />
      <Handle type="source" position={Position.Right} className={css.handle} />
      <div className={css.tableHead}>
        <b className="cut">{table.name}</b>
        <span className="dim num">{table.rows === null ? '' : `~${about(table.rows)}`}</span>
      </div>
      {columns.map(({ name, type, key, link }) => (
        <div key={name} className={css.tableColumn}>
          {key ? <IconKey size={11} stroke={1.75} /> : link ? <IconLink size={11} stroke={1.75} /> : <span />}
          <span className="cut">{name}</span>
          <span className="dim cut">{type}</span>
        </div>
      ))}
      {hidden > 0 ? <div className={`${css.tableColumn} dim`}>and {hidden} more</div> : null}
    </div>
  );
});

const nodeTypes = { table: TableBox };
