import { IconArrowDown, IconArrowUp, IconKey, IconLink } from '@tabler/icons-react';
import type { PointerEvent } from 'react';
import css from './data-grid.module.css';
import type { GridColumn, GridSort } from './data-grid.tsx';

/** px */
export const headHeight = 40;

interface GridHeadProps {
  columns: readonly GridColumn[];
  lefts: readonly number[];
  from: number;
  to: number;
  labelWidth: number;
  sort: GridSort | null;
  onSort: ((key: string) => void) | undefined;
  onWidth: (key: string, width: number) => void;
}

export function GridHead({ columns, lefts, from, to, labelWidth, sort, onSort, onWidth }: GridHeadProps) {
  return (
    <div className={css.head} role="row" style={{ height: headHeight }}>
      <div className={css.corner} style={{ width: labelWidth }} />
      {columns.slice(from, to).map((column, at) => {
        const index = from + at;
        const sorted = sort?.key === column.key ? (sort.descending ? 'descending' : 'ascending') : undefined;
        return (
          <div
            key={column.key}
            role="columnheader"
            aria-sort={sorted ?? 'none'}
            aria-colindex={index + 1}
            className={css.headCell}
            style={{ left: labelWidth + lefts[index]!, width: lefts[index + 1]! - lefts[index]! }}
          >
            <button
              type="button"
              className={css.headName}
              disabled={onSort === undefined}
              tabIndex={-1}
              title={column.type === undefined ? column.name : `${column.name}: ${column.type}`}
              onClick={() => onSort?.(column.key)}
            >
              <span className={css.headLine}>
                {column.mark === 'key' ? <IconKey size={12} stroke={1.75} aria-label="Primary key" /> : null}
                {column.mark === 'link' ? <IconLink size={12} stroke={1.75} aria-label="Refers to another table" /> : null}
                <span className="cut">{column.name}</span>
                <Sorted sorted={sorted} />
              </span>
              {column.type === undefined ? null : <span className={`${css.headType} cut`}>{column.type}</span>}
            </button>
            <Grip width={lefts[index + 1]! - lefts[index]!} onWidth={(width) => onWidth(column.key, width)} />
          </div>
        );
      })}
    </div>
  );
}

function Sorted({ sorted }: { sorted: 'ascending' | 'descending' | undefined }) {
  if (sorted === undefined) return null;
  const Icon = sorted === 'ascending' ? IconArrowUp : IconArrowDown;
  return <Icon size={12} stroke={2} aria-hidden />;
}

/** The edge of a column that is dragged. */
function Grip({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  const onPointerDown = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    event.stopPropagation();
    const grip = event.currentTarget;
    const start = event.clientX;
    grip.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => onWidth(width + moved.clientX - start);
    grip.addEventListener('pointermove', move);
    grip.addEventListener('pointerup', () => grip.removeEventListener('pointermove', move), { once: true });
  };
  return <span className={css.grip} onPointerDown={onPointerDown} aria-hidden />;
}
