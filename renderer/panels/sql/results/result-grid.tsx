import { Button, Loader } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ResultColumn, ResultSort, SqlCell, StatementView } from '../../../../preload/contract/sql.ts';
import { api } from '../../../api/client.ts';
import { useExport } from '../../../api/exports.tsx';
import { count, duration, plural, bytes as size } from '../../../ui/format.ts';
import { DataGrid } from '../../../ui/grid/data-grid.tsx';
import type { CellAt } from '../../../ui/grid/selection.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { FootBar, Spring, Toolbar } from '../../../ui/toolbar.tsx';
import css from '../sql.module.css';
import { cellOf, gridColumn } from './cells.ts';
import { ExportMenu } from './export-menu.tsx';
import { type BarFilter, FilterBar } from './filter-bar.tsx';
import { useArranged } from './use-arranged.ts';
import { useRowPages } from './use-row-pages.ts';

/** A value that was opened, for the inspector. */
export interface OpenedValue {
  id: string;
  column: ResultColumn;
  value: SqlCell | undefined;
  whole: (all: boolean) => Promise<{ text: string; base64?: string; bytes: number; cut: boolean }>;
}

interface ResultGridProps {
  stack: string;
  service: string;
  run: string;
  index: number;
  statement: StatementView;
  columns: readonly ResultColumn[];
  onValue: (value: OpenedValue | null) => void;
}

/** A result of any size: rows come by the page, sorting and filtering happen where they lie. */
export function ResultGrid({ stack, service, run, index, statement, columns, onValue }: ResultGridProps) {
  const [selected, setSelected] = useState<CellAt | null>(null);
  const [filters, setFilters] = useState<BarFilter[]>([]);
  const [sort, setSort] = useState<ResultSort | null>(null);
  const place = useMemo(() => ({ stack, service, run, statement: index }), [stack, service, run, index]);
  const arranged = useArranged(place, filters, sort);
  const view = arranged.kind === 'done' ? arranged.view : undefined;
  const total = arranged.kind === 'done' ? arranged.rows : statement.rows;
  const fetch = useCallback(
    async (from: number, wanted: number) => (await api.sql.page({ ...place, view, from, count: wanted })).rows,
    [place, view],
  );
  const rows = useRowPages<SqlCell[]>(`${run}/${index}/${view ?? ''}`, total, fetch);
  const exported = useExport();
  const running = statement.state === 'running';
  // Widths are chosen once, from the first rows that come, and then stay: whatever the order.
  const sampled = useRef(false);
  const [gridColumns, setGridColumns] = useState(() => columns.map((column, at) => gridColumn(column, at, [])));
  const first = rows.rowAt(0);
  useEffect(() => {
    if (sampled.current || first === undefined) return;
    sampled.current = true;
    setGridColumns(
      columns.map((column, at) =>
        gridColumn(
          column,
          at,
          Array.from({ length: 20 }, (_, row) => rows.rowAt(row)?.[at]),
        ),
      ),
    );
  });
  const open = ({ row, column }: CellAt) => {
    const info = columns[column];
    if (!info) return;
    onValue({
      id: `${run}/${index}/${view ?? ''}/${row}/${column}`,
      column: info,
      value: rows.rowAt(row)?.[column],
      whole: (all) => api.sql.value({ ...place, view, row, column, all }),
    });
  };
  // A value that is open follows the cell.
  const [following, setFollowing] = useState(false);
  const value = selected ? rows.rowAt(selected.row)?.[selected.column] : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the cell and what stands in it decide
  useEffect(() => {
    if (following && selected) open(selected);
  }, [following, selected?.row, selected?.column, value]);

  return (
    <div className={css.column}>
      <Toolbar label="Result">
        <FilterBar
          any
          columns={gridColumns.map(({ key, name }) => ({ key, name }))}
          filters={filters}
          onChange={setFilters}
          disabled={running}
          start={selected ? String(selected.column) : null}
        />
        <Spring />
        {arranged.kind === 'working' ? (
          <span className="dim num" role="status">
            <Loader size={12} mr={6} />
            {arranged.progress ? `${count(arranged.progress.scanned)} of ${count(arranged.progress.total)} rows` : 'Arranging…'}
            <Button
              variant="subtle"
              onClick={() => {
                setFilters([]);
                setSort(null);
              }}
            >
              Cancel
            </Button>
          </span>
        ) : null}
        <ExportMenu disabled={running || total === 0} onExport={(format) => exported(() => api.sql.export({ ...place, view, format }))} />
      </Toolbar>
      {arranged.kind === 'failed' ? <ProblemBox problem={arranged.problem} /> : null}
      {rows.problem ? <ProblemBox problem={rows.problem} /> : null}
      <div className={css.gridBox}>
        <DataGrid
          label="Result"
          testId="sql-result"
          columns={gridColumns}
          rowCount={total}
          cellAt={(row, column) => cellOf(rows.rowAt(row)?.[column], columns[column]?.kind ?? 'text')}
          want={rows.want}
          selected={selected}
          onSelect={setSelected}
          onOpen={(cell) => {
            setFollowing(true);
            open(cell);
          }}
          sort={sort && { key: String(sort.column), descending: sort.descending }}
          onSort={running ? undefined : (key) => setSort(nextSort(sort, Number(key)))}
          empty={
            <span className="dim">
              {filters.length > 0 ? 'No row passes the filter.' : running ? 'Waiting for the first row…' : 'No rows.'}
            </span>
          }
        />
      </div>
      <FootBar>
        <span role="status">
          {arranged.kind === 'done' && arranged.rows !== arranged.total ? `${count(arranged.rows)} of ` : ''}
          {plural(statement.rows, 'row')}
          {running ? ' so far' : ''}
        </span>
        <span>{duration(statement.took)}</span>
        {statement.first === null ? null : <span className="dim">first row after {duration(statement.first)}</span>}
        <span className="dim">{size(statement.bytes)}</span>
        {statement.stopped ? (
          <span className={css.warn}>
            Stopped at {count(statement.rows)} rows. {statement.stopped}
          </span>
        ) : null}
      </FootBar>
    </div>
  );
}

/** Ascending, descending, as it came. */
function nextSort(sort: ResultSort | null, column: number): ResultSort | null {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? null : { column, descending: true };
}
