import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { DataGrid, type GridColumn } from '../../../ui/grid/data-grid.tsx';
import { fieldOf } from '../bson/bson.ts';
import { cellOf } from '../bson/cell.ts';
import { keyText } from '../bson/shell.ts';
import type { ResultView } from '../query/use-result.ts';
import type { TableField } from './fields.ts';

interface DocumentTableProps {
  result: ResultView;
  fields: readonly TableField[];
  selected: number | null;
  onSelect: (at: number | null) => void;
  sort: string;
  onSort?: (sort: string) => void;
}

/** A row a document, a column a field. */
export function DocumentTable({ result, fields, selected, onSelect, sort, onSort }: DocumentTableProps) {
  const navigate = useNavigate();
  const [column, setColumn] = useState(0);
  const columns = useMemo<GridColumn[]>(
    () =>
      fields.map(({ name, type, numeric, length }) => ({
        key: name,
        name,
        type,
        align: numeric ? 'right' : 'left',
        width: Math.max(90, Math.min(320, Math.max(length, name.length, type.length * 0.85) * 7.4 + 46)),
        ...(name === '_id' ? { mark: 'key' as const } : {}),
      })),
    [fields],
  );
  const sorted = sortedBy(sort);
  return (
    <DataGrid
      label="Documents"
      columns={columns}
      rowCount={result.rows}
      cellAt={(row, at) => {
        const told = result.rowAt(row);
        if (told === undefined) return undefined;
        const name = fields[at]?.name ?? '';
        if (told.ejson === null) {
          const outline = told.outline?.find((field) => field.name === name);
          return outline === undefined
            ? { text: '', kind: 'missing' }
            : { text: `${outline.type}, ${outline.bytes.toLocaleString('en')} bytes`, kind: 'binary' };
        }
        const document = result.documentAt(row);
        return cellOf(document && fieldOf(document, name));
      }}
      want={result.want}
      selected={selected === null ? null : { row: selected, column: Math.min(column, Math.max(0, columns.length - 1)) }}
      onSelect={(cell) => {
        if (cell !== null) setColumn(cell.column);
        onSelect(cell?.row ?? null);
      }}
      onFollow={({ row, column: at }) => {
        const document = result.documentAt(row);
        const cell = cellOf(document && fieldOf(document, fields[at]?.name ?? ''));
        void navigate({ to: '/trace', search: { id: cell.text } });
      }}
      sort={sorted}
      onSort={
        onSort && ((key) => onSort(sorted?.key !== key ? `{ ${keyText(key)}: 1 }` : sorted.descending ? '' : `{ ${keyText(key)}: -1 }`))
      }
      testId="documents-table"
    />
  );
}

/** The one field that a sort orders by; null for more than one. */
function sortedBy(sort: string): { key: string; descending: boolean } | null {
  const match = /^\s*\{\s*(?:'([^']+)'|"([^"]+)"|([\w$]+))\s*:\s*(-?1)\s*,?\s*\}\s*$/.exec(sort);
  return match ? { key: (match[1] ?? match[2] ?? match[3])!, descending: match[4] === '-1' } : null;
}
