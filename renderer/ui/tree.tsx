import { IconChevronRight, type IconProps } from '@tabler/icons-react';
import { type ComponentType, type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import css from './tree.module.css';
import { useScaledRows } from './use-scaled-rows.ts';

export interface TreeRow {
  id: string;
  /** 0 at the root. */
  depth: number;
  label: string;
  state: 'leaf' | 'open' | 'closed' | 'loading';
  icon?: ComponentType<IconProps>;
  /** Small, at the right: a count, a size. */
  hint?: ReactNode;
  /** Colour of the icon: a token such as `var(--nb-redis)`. */
  hue?: string;
  dim?: boolean;
}

interface TreeProps {
  label: string;
  count: number;
  /** Rows as they stand below each other; undefined while one is not known. */
  rowAt: (index: number) => TreeRow | undefined;
  want?: (from: number, to: number) => void;
  selected: string | null;
  onSelect: (id: string) => void;
  onToggle: (id: string) => void;
  /** Enter, or a double click. */
  onOpen?: (id: string) => void;
  empty?: ReactNode;
  testId?: string;
}

const rowHeight = 26;

/** A tree of any size, drawn as the flat list of its rows in sight. */
export function Tree({ label, count, rowAt, want, selected, onSelect, onToggle, onOpen, empty, testId }: TreeProps) {
  const id = useId();
  const rows = useScaledRows({ rows: count, rowHeight });
  /** Where the selected row was last seen: the tree may be too long to look through. */
  const place = useRef(0);
  useEffect(() => want?.(Math.max(0, rows.from - 50), Math.min(count, rows.to + 50)));

  const inSight = Array.from({ length: Math.max(0, rows.to - rows.from) }, (_, at) => rows.from + at);
  const seen = inSight.find((index) => rowAt(index)?.id === selected);
  if (seen !== undefined) place.current = seen;
  const here = (): number | null => (selected !== null && rowAt(place.current)?.id === selected ? place.current : null);

  const go = (index: number) => {
    if (count === 0) return;
    const next = Math.max(0, Math.min(count - 1, index));
    const row = rowAt(next);
    rows.show(next);
    if (!row) return;
    place.current = next;
    onSelect(row.id);
  };
  const parentOf = (index: number): number => {
    const depth = rowAt(index)?.depth ?? 0;
    for (let at = index - 1; at >= 0; at--) {
      const row = rowAt(at);
      if (row === undefined) break;
      if (row.depth < depth) return at;
    }
    return index;
  };
  const right = (index: number) => {
    const row = rowAt(index);
    if (row?.state === 'closed') onToggle(row.id);
    else if (row?.state === 'open') go(index + 1);
  };
  const left = (index: number) => {
    const row = rowAt(index);
    if (row?.state === 'open') onToggle(row.id);
    else go(parentOf(index));
  };
  const enter = (index: number) => {
    const row = rowAt(index);
    if (!row) return;
    if (row.state !== 'leaf' && onOpen === undefined) onToggle(row.id);
    else onOpen?.(row.id);
  };
  const byLetter = (letter: string) => {
    const start = here() ?? -1;
    for (let step = 1; step <= Math.min(count, 2_000); step++) {
      const index = (start + step) % count;
      if (rowAt(index)?.label.toLowerCase().startsWith(letter)) return go(index);
    }
  };
  const keys: Record<string, (index: number) => void> = {
    ArrowDown: (index) => go(index + 1),
    ArrowUp: (index) => go(index - 1),
    ArrowRight: right,
    ArrowLeft: left,
    PageDown: (index) => go(index + rows.page),
    PageUp: (index) => go(index - rows.page),
    Home: () => go(0),
    End: () => go(count - 1),
    Enter: enter,
    ' ': (index) => {
      const row = rowAt(index);
      if (row && row.state !== 'leaf') onToggle(row.id);
    },
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key];
    const index = here();
    if (act) {
      event.preventDefault();
      // Nothing chosen yet: any key begins at the top of what is seen.
      if (index === null) go(rows.from);
      else act(index);
    } else if (event.key.length === 1 && /\p{L}|\p{N}|_/u.test(event.key)) {
      event.stopPropagation();
      byLetter(event.key.toLowerCase());
    }
  };

  if (count === 0 && empty !== undefined) return <div className={css.empty}>{empty}</div>;
  return (
    <div
      ref={rows.box}
      className={css.tree}
      role="tree"
      aria-label={label}
      aria-activedescendant={seen === undefined ? undefined : `${id}-${seen}`}
      tabIndex={0}
      onScroll={rows.onScroll}
      onKeyDown={onKeyDown}
      data-testid={testId}
    >
      <div style={{ height: rows.height }}>
        <div className={css.sight} style={{ height: rows.view }}>
          {inSight.map((index) => (
            <TreeLine
              key={index}
              id={`${id}-${index}`}
              row={rowAt(index)}
              offset={index * rowHeight - rows.top}
              selected={selected}
              onSelect={onSelect}
              onToggle={onToggle}
              onOpen={onOpen}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface TreeLineProps {
  id: string;
  row: TreeRow | undefined;
  offset: number;
  selected: string | null;
  onSelect: (id: string) => void;
  onToggle: (id: string) => void;
  onOpen: ((id: string) => void) | undefined;
}

function TreeLine({ id, row, offset, selected, onSelect, onToggle, onOpen }: TreeLineProps) {
  const style = { transform: `translateY(${offset}px)` };
  if (row === undefined) return <div className={css.row} style={style} aria-hidden />;
  const { icon: Icon } = row;
  const branch = row.state !== 'leaf';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the tree's
    <div
      id={id}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.depth + 1}
      aria-selected={row.id === selected}
      aria-expanded={branch ? row.state === 'open' : undefined}
      className={css.row}
      style={{ ...style, paddingLeft: 8 + row.depth * 14 }}
      data-dim={row.dim || undefined}
      onClick={() => {
        onSelect(row.id);
        if (branch && onOpen === undefined) onToggle(row.id);
      }}
      onDoubleClick={() => onOpen?.(row.id)}
      title={row.label}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are the tree's */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the row is the element; this is its corner */}
      <span
        className={css.twist}
        data-state={row.state}
        onClick={(event) => {
          if (!branch) return;
          event.stopPropagation();
          onToggle(row.id);
        }}
      >
        {branch ? <IconChevronRight size={14} stroke={1.75} aria-hidden /> : null}
      </span>
      {Icon === undefined ? null : <Icon size={15} stroke={1.6} aria-hidden className={css.icon} style={{ color: row.hue }} />}
      <span className={`${css.label} cut`}>{row.label === '' ? <i className="dim">(empty)</i> : row.label}</span>
      {row.hint === undefined ? null : <span className={`${css.hint} num`}>{row.hint}</span>}
    </div>
  );
}
