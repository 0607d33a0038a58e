import { IconArrowUpRight } from '@tabler/icons-react';
import css from './data-grid.module.css';
import type { GridCell, GridColumn } from './data-grid.tsx';
import { type CellAt, type CellRange, holds } from './selection.ts';

interface GridRowProps {
  id: string;
  row: number;
  offset: number;
  columns: readonly GridColumn[];
  lefts: readonly number[];
  from: number;
  to: number;
  labelWidth: number;
  label: string;
  tone: 'added' | 'removed' | 'changed' | undefined;
  cellAt: (row: number, column: number) => GridCell | undefined;
  selected: CellAt | null;
  range: CellRange | null;
  onPress: (cell: CellAt, extend: boolean) => void;
  onEnter: (cell: CellAt) => void;
  onOpen: ((cell: CellAt) => void) | undefined;
  onFollow: ((cell: CellAt) => void) | undefined;
}

export function GridRow(props: GridRowProps) {
  const { id, row, columns, lefts, from, to, labelWidth, label, tone, selected, range, onPress, onEnter, onOpen, onFollow } = props;
  return (
    <div
      className={css.row}
      role="row"
      aria-rowindex={row + 2}
      data-tone={tone}
      data-odd={row % 2 === 1 || undefined}
      style={{ transform: `translateY(${props.offset}px)` }}
    >
      <div className={css.label} style={{ width: labelWidth }}>
        {label}
      </div>
      {columns.slice(from, to).map((column, at) => {
        const index = from + at;
        const cell = props.cellAt(row, index);
        const here = { row, column: index };
        const chosen = selected?.row === row && selected.column === index;
        return (
          <div
            key={column.key}
            id={`${id}-${row}-${index}`}
            role="gridcell"
            tabIndex={-1}
            aria-colindex={index + 1}
            aria-selected={holds(range, row, index)}
            className={css.cell}
            data-kind={cell?.kind}
            data-align={column.align ?? (cell?.kind === 'number' ? 'right' : undefined)}
            data-chosen={chosen || undefined}
            data-edited={cell?.edited || undefined}
            style={{ left: labelWidth + lefts[index]!, width: lefts[index + 1]! - lefts[index]! }}
            title={cell === undefined || cell.text.length < 12 ? undefined : cell.text.slice(0, 1_000)}
            onPointerDown={(event) => {
              if (event.button === 0) onPress(here, event.shiftKey);
            }}
            onPointerEnter={() => onEnter(here)}
            onDoubleClick={() => onOpen?.(here)}
          >
            {cell === undefined ? <span className={css.waiting} /> : <span className="cut">{shown(cell)}</span>}
            {cell?.link && onFollow ? (
              <button type="button" className={css.follow} tabIndex={-1} aria-label={`Follow ${cell.text}`} onClick={() => onFollow(here)}>
                <IconArrowUpRight size={13} stroke={1.75} aria-hidden />
              </button>
            ) : null}
          </div>
        );
      })}
    </div>
  );
}

/** What is not there looks like no text that could be there. Line ends are shown, not obeyed. */
function shown({ kind, text }: GridCell): string {
  if (kind === 'null') return 'NULL';
  if (kind === 'empty') return 'empty';
  if (kind === 'missing') return '—';
  return text.slice(0, 2_000).replaceAll('\r', '␍').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}
