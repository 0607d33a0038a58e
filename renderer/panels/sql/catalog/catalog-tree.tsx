import { ActionIcon, Menu, TextInput, Tooltip } from '@mantine/core';
import {
  IconBolt, IconColumns, IconDots, IconEye, IconFileImport, IconFolder, IconFunction, IconKey, IconLink, IconRefresh, IconSearch, IconSitemap, IconTable,
} from '@tabler/icons-react'; // biome-ignore format: a list is read as a list
import { useMemo, useState } from 'react';
import type { Catalog } from '../../../../preload/contract/sql.ts';
import { problemOf } from '../../../api/client.ts';
import { bytes, count } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { PaneHead } from '../../../ui/toolbar.tsx';
import { Tree, type TreeRow } from '../../../ui/tree.tsx';
import css from '../sql.module.css';
import { shortType } from './short-type.ts';
import { about, type CatalogNode, catalogNodes, tableId } from './tree-rows.ts';

interface CatalogTreeProps {
  catalog: Catalog | undefined;
  error: unknown;
  reading: boolean;
  /** The table in sight. */
  active: { schema: string; table: string } | null;
  onRefresh: () => void;
  onTable: (schema: string, table: string) => void;
  onDiagram: (schema: string) => void;
  onPlan: () => void;
}

const kept = { turned: new Set<string>() };

export function CatalogTree({ catalog, error, reading, active, onRefresh, onTable, onDiagram, onPlan }: CatalogTreeProps) {
  const [text, setText] = useState('');
  const [turned, setTurned] = useState<ReadonlySet<string>>(kept.turned);
  const [chosen, setChosen] = useState<string | null>(null);
  const nodes = useMemo(() => (catalog ? catalogNodes(catalog, { turned, text }) : []), [catalog, turned, text]);
  const byId = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes]);
  const selected = chosen ?? (active ? tableId(active.schema, active.table) : null);

  const toggle = (id: string) =>
    setTurned((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      kept.turned = next;
      return next;
    });
  const open = (id: string) => {
    const node = byId.get(id);
    if (node?.kind === 'table' || node?.kind === 'column') onTable(node.table.schema, node.table.name);
    else if (node?.branch) toggle(id);
  };
  const select = (id: string) => {
    setChosen(id);
    const node = byId.get(id);
    if (node?.kind === 'table') onTable(node.table.schema, node.table.name);
  };

  return (
    <div className={css.column}>
      <PaneHead title={catalog ? catalog.database : 'Schema'}>
        <Tooltip label="Read the schema again">
          <ActionIcon size={24} aria-label="Read the schema again" onClick={onRefresh} loading={reading && catalog !== undefined}>
            <IconRefresh size={14} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size={24} aria-label="More of this database">
              <IconDots size={14} stroke={1.75} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {(catalog?.schemas ?? []).slice(0, 30).map((schema) => (
              <Menu.Item key={schema} leftSection={<IconSitemap size={14} stroke={1.75} />} onClick={() => onDiagram(schema)}>
                Diagram of {schema}
              </Menu.Item>
            ))}
            <Menu.Item leftSection={<IconFileImport size={14} stroke={1.75} />} onClick={onPlan}>
              Read a pasted plan
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </PaneHead>
      <div className={css.treeFilter}>
        <TextInput
          size="xs"
          leftSection={<IconSearch size={14} stroke={1.75} />}
          placeholder="Filter tables and columns"
          aria-label="Filter tables and columns"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setText('');
          }}
        />
      </div>
      {error ? (
        <div className={css.aside}>
          <ProblemBox problem={problemOf(error)} />
        </div>
      ) : null}
      {catalog?.cut ? <div className={css.note}>Only the first tables and functions are listed.</div> : null}
      <div className={css.treeBox}>
        {nodes.length > 0 ? (
          <Tree
            label="Schema"
            testId="sql-tree"
            count={nodes.length}
            rowAt={(index) => (nodes[index] ? rowOf(nodes[index]) : undefined)}
            selected={selected}
            onSelect={select}
            onToggle={toggle}
            onOpen={open}
          />
        ) : catalog ? (
          <p className={css.nothing}>{text === '' ? 'There are no tables yet.' : 'No table or column has this name.'}</p>
        ) : null}
      </div>
    </div>
  );
}

/** What the planner guesses, and the size with indexes; the guess goes first where it is narrow. */
function TableHint({ rows, size }: { rows: number | null; size: number }) {
  return (
    <span title={`${rows === null ? 'never analysed' : `about ${count(Math.round(rows))} rows`}, ${bytes(size)}`}>
      {rows === null ? null : <span className={css.hintRows}>{about(rows)} · </span>}
      <span className={css.hintBytes}>{bytes(size)}</span>
    </span>
  );
}

const hue = 'var(--nb-postgres)';

function rowOf(node: CatalogNode): TreeRow {
  const { id, depth, label } = node;
  const row: TreeRow = { id, depth, label, state: node.branch ? (node.open ? 'open' : 'closed') : 'leaf' };
  switch (node.kind) {
    case 'schema':
      return { ...row, icon: IconFolder };
    case 'group':
      return { ...row, icon: node.of === 'functions' ? IconFunction : IconBolt, hint: count(node.count), dim: true };
    case 'table':
      return {
        ...row,
        icon: node.table.kind === 'view' || node.table.kind === 'materialized' ? IconEye : IconTable,
        hue,
        hint: node.table.kind === 'view' ? 'view' : <TableHint rows={node.table.rows} size={node.table.bytes} />,
      };
    case 'column': {
      const { primaryKey, foreignKeys } = node.table;
      const icon = primaryKey.includes(label)
        ? IconKey
        : foreignKeys.some(({ columns }) => columns.includes(label))
          ? IconLink
          : IconColumns;
      return { ...row, icon, hint: shortType(node.column.type) };
    }
    case 'index':
      return { ...row, icon: IconBolt, hint: bytes(node.bytes), dim: true };
    case 'function':
      return { ...row, icon: IconFunction, hint: shortType(node.detail), dim: true };
  }
}
