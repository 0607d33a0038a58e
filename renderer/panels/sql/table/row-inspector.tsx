import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CatalogTable, ColumnFilter, ResultColumn, SqlCell } from '../../../../preload/contract/sql.ts';
import { api } from '../../../api/client.ts';
import { count } from '../../../ui/format.ts';
import { IdText } from '../../../ui/id-text.tsx';
import { TableFacts } from '../catalog/table-facts.tsx';
import { ValuePane } from '../results/value-pane.tsx';
import css from '../sql.module.css';
import type { RowKey } from './edits.ts';

/** The row and the value of it that are chosen in a grid. */
export interface RowInSight {
  id: string;
  column: ResultColumn;
  columns: readonly ResultColumn[];
  cells: readonly SqlCell[];
  value: SqlCell | undefined;
  key: RowKey | null;
}

interface RowInspectorProps {
  stack: string;
  service: string;
  schema: string;
  table: string;
  catalog: CatalogTable | undefined;
  row: RowInSight | null;
  onTable: (schema: string, table: string, filters?: ColumnFilter[]) => void;
  onClose: () => void;
}

type Part = 'value' | 'row' | 'table';

/** What is chosen: the value whole, the row with what refers to it, or how the table is made. */
export function RowInspector({ stack, service, schema, table, catalog, row, onTable, onClose }: RowInspectorProps) {
  const [part, setPart] = useState<Part>('value');
  const shown = row === null ? 'table' : part;
  const place = { stack, service, schema, table };
  return (
    <div className={css.column}>
      <div className={css.parts}>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label="What is looked at"
          data={[
            { value: 'value', label: 'Value', disabled: row === null },
            { value: 'row', label: 'Row', disabled: row === null },
            { value: 'table', label: 'Table' },
          ]}
          value={shown}
          onChange={(next) => setPart(next as Part)}
        />
      </div>
      {shown === 'value' && row ? (
        <ValuePane
          id={`${row.id}/${row.column.name}`}
          column={row.column}
          value={row.value}
          whole={(all) => api.sql.table.value({ ...place, key: row.key ?? {}, column: row.column.name, all })}
          onClose={onClose}
        />
      ) : null}
      {shown === 'row' && row ? <RowFacts place={place} row={row} onTable={onTable} /> : null}
      {shown === 'table' && catalog ? <TableFacts table={catalog} onTable={onTable} /> : null}
    </div>
  );
}

interface RowFactsProps {
  place: { stack: string; service: string; schema: string; table: string };
  row: RowInSight;
  onTable: RowInspectorProps['onTable'];
}

function RowFacts({ place, row, onTable }: RowFactsProps) {
  const { data: referrers } = useQuery({
    queryKey: ['sql-referrers', place, row.key],
    queryFn: ({ signal }) => api.sql.table.referrers({ ...place, key: row.key ?? {} }, { signal }),
    enabled: row.key !== null,
    retry: false,
  });
  return (
    <div className={css.facts}>
      <dl className={css.rowFacts}>
        {row.columns.map(({ name }, at) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={css.fixed}>
              <CellText value={row.cells[at]} />
            </dd>
          </div>
        ))}
      </dl>
      {referrers && referrers.length > 0 ? <h3>Referred to by</h3> : null}
      <ul className={css.plain}>
        {referrers?.map(({ from, columns, values, rows, more }) => (
          <li key={`${from.schema}.${from.table}.${columns.join()}`}>
            <button
              type="button"
              className={css.link}
              onClick={() =>
                onTable(
                  from.schema,
                  from.table,
                  columns.map((column, at) => ({ column, operator: '=', value: values[at] ?? '' })),
                )
              }
            >
              {from.table}
            </button>{' '}
            <span className="dim">
              {columns.join(', ')}: {count(rows)}
              {more ? ' or more' : ''}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function CellText({ value }: { value: SqlCell | undefined }) {
  if (value === null) return <i className="dim">NULL</i>;
  if (value === '') return <i className="dim">empty</i>;
  if (value === undefined) return null;
  return typeof value === 'string' ? <IdText text={value} /> : <>{value.cut}…</>;
}
