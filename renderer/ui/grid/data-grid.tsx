import { type KeyboardEvent, type ReactNode, type UIEvent, useEffect, useId, useRef, useState } from 'react';
import { useScaledRows } from '../use-scaled-rows.ts';
import { clampWidth, columnsInSight, edges } from './columns.ts';
import css from './data-grid.module.css';
import { GridHead, headHeight } from './grid-head.tsx';
import { GridRow } from './grid-row.tsx';
import { asTsv, type CellAt, rangeOf } from './selection.ts';

export interface GridColumn {
  /** Unique among the columns. */
  key: string;
  name: string;
  /** Shown small under the name. */
  type?: string;
  /** px; default: by the length of the name */
  width?: number;
  align?: 'left' | 'right';
  mark?: 'key' | 'link';
}

export interface GridCell {
  text: string;
  kind: 'text' | 'number' | 'boolean' | 'json' | 'null' | 'empty' | 'missing' | 'binary';
  /** Changed here and not saved yet. */
  edited?: boolean;
  /** Leads elsewhere: an arrow is shown. */
  link?: boolean;
  /** What copying gives; default: the text. */
  copy?: string;
}

export interface GridSort {
  key: string;
  descending: boolean;
}

export interface DataGridProps {
  label: string;
  columns: readonly GridColumn[];
  rowCount: number;
  /** Undefined while it is not loaded. */
  cellAt: (row: number, column: number) => GridCell | undefined;
  /** Asked whenever other rows come near: `from` inclusive, `to` exclusive. */
  want?: (from: number, to: number) => void;
  selected: CellAt | null;
  onSelect: (cell: CellAt | null) => void;
  /** Enter, or a double click. */
  onOpen?: (cell: CellAt) => void;
  /** The arrow of a cell that leads elsewhere. */
  onFollow?: (cell: CellAt) => void;
  /** Delete or Backspace on the chosen cell. */
  onDelete?: (cell: CellAt) => void;
  sort?: GridSort | null;
  onSort?: (key: string) => void;
  rowTone?: (row: number) => 'added' | 'removed' | 'changed' | undefined;
  /** What stands before a row; default: its number. */
  rowLabel?: (row: number) => string;
  empty?: ReactNode;
  testId?: string;
}

export const rowHeight = 28;

/** Rows and columns of any number: only what is in sight is drawn. Keyboard: arrows, page keys, Home and End (with Ctrl: of the whole), Shift to extend, Ctrl/Cmd-C to copy, Ctrl/Cmd-A. */
export function DataGrid(props: DataGridProps) {
  const { label, columns, rowCount, cellAt, want, selected, onSelect, onOpen, onFollow, onDelete, empty, testId } = props;
  const id = useId();
  const rows = useScaledRows({ rows: rowCount, rowHeight, head: headHeight });
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>({});
  const [left, setLeft] = useState(0);
  const [width, setWidth] = useState(0);
  /** Where a range began, and the cell it was drawn to: a cell that was chosen from elsewhere has no range. */
  const [drawn, setDrawn] = useState<{ readonly anchor: CellAt; readonly focus: CellAt } | null>(null);
  const drag = useRef(false);
  useEffect(() => want?.(Math.max(0, rows.from - 50), Math.min(rowCount, rows.to + 50)));
  useEffect(() => {
    const end = () => {
      drag.current = false;
    };
    window.addEventListener('pointerup', end);
    return () => window.removeEventListener('pointerup', end);
  }, []);
  const { element } = rows;
  useEffect(() => {
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);

  const labelWidth = Math.max(44, String(rowCount).length * 8 + 20);
  const lefts = edges(columns, widths);
  const { from, to } = columnsInSight(lefts, left, Math.max(0, width - labelWidth));
  const anchor = drawn !== null && drawn.focus.row === selected?.row && drawn.focus.column === selected.column ? drawn.anchor : selected;
  const range = selected === null ? null : rangeOf(anchor ?? selected, selected);

  const select = (cell: CellAt, extend: boolean) => {
    if (rowCount === 0 || columns.length === 0) return;
    const next = {
      row: Math.max(0, Math.min(rowCount - 1, cell.row)),
      column: Math.max(0, Math.min(columns.length - 1, cell.column)),
    };
    setDrawn({ anchor: extend ? (anchor ?? next) : next, focus: next });
    onSelect(next);
    return next;
  };
  const reveal = ({ row, column }: CellAt) => {
    rows.show(row);
    if (element === null) return;
    const room = element.clientWidth - labelWidth;
    if (lefts[column]! < element.scrollLeft) element.scrollLeft = lefts[column]!;
    else if (lefts[column + 1]! > element.scrollLeft + room) element.scrollLeft = Math.min(lefts[column]!, lefts[column + 1]! - room);
  };
  const go = (cell: CellAt, extend: boolean) => {
    const next = select(cell, extend);
    if (next) reveal(next);
  };
  const copy = () => {
    if (range !== null) void navigator.clipboard.writeText(asTsv(range, cellAt));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const at = selected ?? { row: rows.from - 1, column: 0 };
    const mod = event.ctrlKey || event.metaKey;
    const last = { row: rowCount - 1, column: columns.length - 1 };
    const moves: Record<string, CellAt> = {
      ArrowDown: { ...at, row: mod ? last.row : at.row + 1 },
      ArrowUp: { ...at, row: mod ? 0 : at.row - 1 },
      ArrowRight: { ...at, column: mod ? last.column : at.column + 1 },
      ArrowLeft: { ...at, column: mod ? 0 : at.column - 1 },
      PageDown: { ...at, row: at.row + rows.page },
      PageUp: { ...at, row: at.row - rows.page },
      Home: mod ? { row: 0, column: 0 } : { ...at, column: 0 },
      End: mod ? last : { ...at, column: last.column },
    };
    const acts: Record<string, (() => void) | undefined> = {
      Enter: selected === null ? undefined : () => onOpen?.(selected),
      F2: selected === null ? undefined : () => onOpen?.(selected),
      Delete: selected === null || onDelete === undefined ? undefined : () => onDelete(selected),
      Escape: selected === null ? undefined : () => onSelect(null),
    };
    const withMod: Record<string, () => void> = {
      c: copy,
      a: () => {
        setDrawn({ anchor: { row: 0, column: 0 }, focus: last });
        onSelect(last);
      },
    };
    const move = moves[event.key];
    const act = mod ? withMod[event.key] : acts[event.key];
    if (move === undefined && act === undefined) return;
    event.preventDefault();
    if (move !== undefined) go(move, event.shiftKey);
    else act?.();
  };
  const onScroll = (event: UIEvent<HTMLElement>) => {
    setLeft(event.currentTarget.scrollLeft);
    rows.onScroll(event);
  };

  return (
    <div
      ref={rows.box}
      className={css.grid}
      role="grid"
      aria-label={label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      aria-activedescendant={selected === null ? undefined : `${id}-${selected.row}-${selected.column}`}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      data-testid={testId}
    >
      <div style={{ height: rows.height + headHeight, width: lefts.at(-1)! + labelWidth, minWidth: '100%' }}>
        <GridHead
          columns={columns}
          lefts={lefts}
          from={from}
          to={to}
          labelWidth={labelWidth}
          sort={props.sort ?? null}
          onSort={props.onSort}
          onWidth={(key, next) => setWidths((before) => ({ ...before, [key]: clampWidth(next) }))}
        />
        <div className={css.sight} style={{ height: rows.view }}>
          {Array.from({ length: Math.max(0, rows.to - rows.from) }, (_, at) => rows.from + at).map((row) => (
            <GridRow
              key={row}
              id={id}
              row={row}
              offset={row * rowHeight - rows.top}
              columns={columns}
              lefts={lefts}
              from={from}
              to={to}
              labelWidth={labelWidth}
              label={props.rowLabel?.(row) ?? String(row + 1)}
              tone={props.rowTone?.(row)}
              cellAt={cellAt}
              selected={selected}
              range={range}
              onPress={(cell, extend) => {
                drag.current = true;
                select(cell, extend);
              }}
              onEnter={(cell) => {
                if (drag.current) select(cell, true);
              }}
              onOpen={onOpen}
              onFollow={onFollow}
            />
          ))}
        </div>
      </div>
      {rowCount === 0 && empty !== undefined ? <div className={css.empty}>{empty}</div> : null}
    </div>
  );
}
