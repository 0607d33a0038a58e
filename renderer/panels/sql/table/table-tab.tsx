import { ActionIcon, Tooltip } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import type { CatalogTable, ColumnFilter, ColumnSort, NewValue, SqlCell } from '../../../../preload/contract/sql.ts';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { useExport } from '../../../api/exports.tsx';
import { modKey } from '../../../shell/keys.ts';
import { count, plural } from '../../../ui/format.ts';
import { DataGrid, type GridCell, type GridColumn } from '../../../ui/grid/data-grid.tsx';
import type { CellAt } from '../../../ui/grid/selection.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { FootBar, Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { useAfter } from '../../../ui/use-now.ts';
import { cellOf, gridColumn } from '../results/cells.ts';
import { ExportMenu } from '../results/export-menu.tsx';
import { FilterBar } from '../results/filter-bar.tsx';
import css from '../sql.module.css';
import { CellEditor, cellBox } from './cell-editor.tsx';
import { PendingActions, RowActions } from './edit-actions.tsx';
import {
  addRow, changeCount, dropNew, editCell, editedValue, editNew, isDeleted, isUpdated, keyOf, noEdits, toggleDelete,
} from './edits.ts'; // biome-ignore format: a list is read as a list
import { useEdits } from './pending.ts';
import { reviewChanges } from './review.ts';
import type { RowInSight } from './row-inspector.tsx';
import { useTable } from './use-table.ts';

interface TableTabProps {
  stack: string;
  service: string;
  tab: string;
  schema: string;
  table: string;
  catalog: CatalogTable | undefined;
  filters: readonly ColumnFilter[];
  sort: ColumnSort | undefined;
  onView: (view: { filters: ColumnFilter[]; sort: ColumnSort | undefined }) => void;
  onFollow: (schema: string, table: string, filters: ColumnFilter[]) => void;
  onRow: (row: RowInSight | null) => void;
}

export function TableTab(props: TableTabProps) {
  const { stack, service, tab, schema, table, catalog, filters, sort, onView, onFollow, onRow } = props;
  const place = { stack, service, schema, table };
  const rows = useTable(place, filters, sort);
  const [edits, change] = useEdits(tab);
  const [selected, setSelected] = useState<CellAt | null>(null);
  const [editing, setEditing] = useState<{ cell: CellAt; box: DOMRect; value: string | null } | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const exported = useExport();
  const columns = rows.columns ?? [];
  const fresh = edits.inserts.length;
  const editable = rows.key.length > 0;

  /** A row of the table by its place in the grid; new rows stand above. */
  const readAt = (row: number) => (row < fresh ? undefined : rows.rowAt(row - fresh));
  const keyAt = (row: number) => {
    const read = readAt(row);
    return read ? keyOf(columns, read.cells, rows.key) : null;
  };
  const links = useMemo(() => foreignKeys(catalog), [catalog]);
  const gridColumns = useMemo(
    () =>
      (rows.columns ?? []).map((column, at): GridColumn => {
        const sample = Array.from({ length: 20 }, (_, row) => rows.rowAt(row)?.cells[at]);
        const mark = rows.key.includes(column.name) ? 'key' : links.has(column.name) ? 'link' : undefined;
        return { ...gridColumn(column, at, sample), key: column.name, ...(mark ? { mark } : {}) };
      }),
    [rows.columns, rows.key, rows.rowAt, links],
  );

  const valueAt = ({ row, column }: CellAt): SqlCell | undefined => {
    const name = columns[column]?.name ?? '';
    const edited = row < fresh ? edits.inserts[row]?.set[name] : editedValue(edits, keyAt(row), name);
    if (edited !== undefined) return 'value' in edited ? edited.value : undefined;
    return readAt(row)?.cells[column];
  };
  const cellAt = (row: number, column: number): GridCell | undefined => {
    const info = columns[column];
    if (!info) return undefined;
    if (row < fresh) {
      const set = edits.inserts[row]?.set[info.name];
      if (set === undefined || 'default' in set) return { text: 'default', kind: 'missing' };
      return { ...cellOf(set.value, info.kind)!, edited: true };
    }
    const edited = editedValue(edits, keyAt(row), info.name);
    if (edited !== undefined) {
      return {
        ...('default' in edited ? ({ text: 'default', kind: 'missing' } as const) : cellOf(edited.value, info.kind)!),
        edited: true,
      };
    }
    const cell = cellOf(readAt(row)?.cells[column], info.kind);
    return cell && links.has(info.name) && cell.kind !== 'null' ? { ...cell, link: true } : cell;
  };
  const showRow = (cell: CellAt | null) => {
    setSelected(cell);
    const read = cell ? readAt(cell.row) : undefined;
    const column = cell ? columns[cell.column] : undefined;
    onRow(
      cell && read && column
        ? { id: `${tab}/${rows.generation}/${cell.row}`, column, columns, cells: read.cells, value: valueAt(cell), key: keyAt(cell.row) }
        : null,
    );
  };
  const put = ({ row, column }: CellAt, value: NewValue) => {
    const name = columns[column]!.name;
    if (row < fresh) return change((before) => editNew(before, row, name, value));
    const read = readAt(row);
    const key = keyAt(row);
    if (read?.version && key)
      change((before) => editCell(before, { key, version: read.version! }, name, value, read.cells[column] ?? null));
  };
  const edit = async (cell: CellAt) => {
    const info = columns[cell.column];
    const key = keyAt(cell.row);
    if (!info || (cell.row >= fresh && (!editable || key === null || isDeleted(edits, key)))) return;
    const where = cellBox(box.current);
    if (!where) return;
    let value = valueAt(cell) ?? null;
    if (typeof value === 'object' && value !== null) {
      try {
        const whole = await api.sql.table.value({ ...place, key: key!, column: info.name, all: true });
        if (whole.bytes > 500_000)
          throw new Error(`${info.name} has ${count(whole.bytes)} bytes: too many to be typed. Change it with a statement.`);
        value = whole.text;
      } catch (error) {
        return tell(error);
      }
    }
    setEditing({ cell, box: where, value });
  };
  const remove = ({ row }: CellAt) => {
    if (row < fresh) return change((before) => dropNew(before, row));
    const read = readAt(row);
    const key = keyAt(row);
    if (read?.version && key) change((before) => toggleDelete(before, { key, version: read.version! }));
  };
  const follow = ({ row, column }: CellAt) => {
    const link = links.get(columns[column]?.name ?? '');
    const read = readAt(row);
    if (!link || !read) return;
    const values = link.columns.map((name) => read.cells[columns.findIndex((each) => each.name === name)]);
    if (values.some((value) => typeof value !== 'string')) return;
    onFollow(
      link.target.schema,
      link.target.table,
      link.targetColumns.map((name, at) => ({ column: name, operator: '=', value: values[at] as string })),
    );
  };
  const focusGrid = () => box.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  const changes = changeCount(edits);
  const review = () => {
    const onSaved = () => {
      change(() => noEdits);
      rows.reload();
    };
    reviewChanges({ place, edits, onSaved });
  };
  const add = () => {
    change((before) => addRow(before));
    showRow({ row: 0, column: 0 });
    focusGrid();
    box.current?.querySelector('[role="grid"]')?.scrollTo({ top: 0, left: 0 });
  };

  return (
    <div className={css.column} ref={box}>
      <Toolbar label="Table">
        <FilterBar
          columns={columns.map(({ name }) => ({ key: name, name }))}
          filters={filters}
          start={selected ? (columns[selected.column]?.name ?? null) : null}
          onChange={(next) => onView({ filters: next, sort })}
        />
        <Spring />
        <PendingActions changes={changes} onReview={review} onDiscard={() => change(() => noEdits)} />
        {editable ? <RowActions onAdd={add} onDelete={selected === null ? undefined : () => remove(selected)} /> : null}
        <Tooltip label="Load again">
          <ActionIcon aria-label="Load again" onClick={rows.reload}>
            <IconRefresh size={16} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
        <ExportMenu
          small
          disabled={rows.total.rows === 0}
          onExport={(format) => exported(() => api.sql.table.export({ ...place, filters: [...filters], sort: sort ? [sort] : [], format }))}
        />
      </Toolbar>
      {rows.problem ? (
        <div className={css.aside}>
          <ProblemBox problem={rows.problem} />
        </div>
      ) : null}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a key of the grid inside */}
      <div
        className={css.gridBox}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && selected) follow(selected);
        }}
      >
        {rows.columns === null ? (
          <Skeleton />
        ) : (
          <DataGrid
            label={`Rows of ${table}`}
            testId="sql-table"
            columns={gridColumns}
            rowCount={fresh + rows.total.rows}
            cellAt={cellAt}
            want={(from, to) => rows.want(Math.max(0, from - fresh), Math.max(0, to - fresh))}
            selected={selected}
            onSelect={showRow}
            onOpen={(cell) => void edit(cell)}
            onFollow={follow}
            onDelete={editable ? remove : undefined}
            sort={sort ? { key: sort.column, descending: sort.descending } : null}
            onSort={(name) => onView({ filters: [...filters], sort: nextSort(sort, name) })}
            rowTone={(row) =>
              row < fresh ? 'added' : isDeleted(edits, keyAt(row)) ? 'removed' : isUpdated(edits, keyAt(row)) ? 'changed' : undefined
            }
            rowLabel={(row) => (row < fresh ? 'new' : String(row - fresh + 1))}
            empty={<span className="dim">{filters.length > 0 ? 'No row passes the filter.' : 'The table has no rows.'}</span>}
          />
        )}
      </div>
      <FootBar>
        <span role="status" className={css.total}>
          {rows.total.exact ? plural(rows.total.rows, 'row') : `about ${plural(rows.total.rows, 'row')}`}
        </span>
        {rows.columns !== null && !editable ? (
          <span className="dim">Read only: {catalog?.kind === 'view' ? 'this is a view' : 'no primary key tells the rows apart'}.</span>
        ) : (
          <span className="dim cut">
            Enter edits, Delete deletes, {modKey}-Enter follows a key; nothing is changed before it is reviewed.
          </span>
        )}
      </FootBar>
      {editing ? (
        <CellEditor
          box={editing.box}
          name={columns[editing.cell.column]!.name}
          type={columns[editing.cell.column]!.type}
          value={editing.value}
          nullable={catalog?.columns.find(({ name }) => name === columns[editing.cell.column]!.name)?.nullable ?? true}
          withDefault={
            editing.cell.row < fresh || catalog?.columns.find(({ name }) => name === columns[editing.cell.column]!.name)?.default != null
          }
          onDone={(value) => {
            put(editing.cell, value);
            setEditing(null);
            focusGrid();
          }}
          onCancel={() => {
            setEditing(null);
            focusGrid();
          }}
        />
      ) : null}
    </div>
  );
}

function Skeleton() {
  return useAfter(200) ? <div className={css.skeleton} aria-busy /> : null;
}

/** The foreign key that each column is the first of. */
function foreignKeys(table: CatalogTable | undefined) {
  return new Map((table?.foreignKeys ?? []).map((key) => [key.columns[0] ?? '', key]));
}

/** Ascending, descending, by the key. */
function nextSort(sort: ColumnSort | undefined, column: string): ColumnSort | undefined {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? undefined : { column, descending: true };
}
