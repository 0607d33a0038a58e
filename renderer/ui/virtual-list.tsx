import { type KeyboardEvent, type ReactNode, useEffect, useId } from 'react';
import { useScaledRows } from './use-scaled-rows.ts';
import css from './virtual-list.module.css';

interface VirtualListProps {
  label: string;
  count: number;
  /** px */
  rowHeight: number;
  /** What a row shows; nothing while it is not known yet. */
  row: (index: number) => ReactNode;
  /** Asked whenever other rows come near: `from` inclusive, `to` exclusive. */
  want?: (from: number, to: number) => void;
  selected: number | null;
  onSelect: (index: number | null) => void;
  /** Enter, or a double click. */
  onOpen?: (index: number) => void;
  /** Ctrl/Cmd-C; undefined: the browser's own. */
  onCopy?: (index: number) => void;
  /** Keeps the end in sight as rows come. */
  follow?: boolean;
  onFollow?: (follow: boolean) => void;
  empty?: ReactNode;
  testId?: string;
}

/** A million rows scroll like a hundred: only those in sight are drawn, and long lists are scaled. */
export function VirtualList({
  label,
  count,
  rowHeight,
  row,
  want,
  selected,
  onSelect,
  onOpen,
  onCopy,
  follow = false,
  onFollow,
  empty,
  testId,
}: VirtualListProps) {
  const id = useId();
  const rows = useScaledRows({ rows: count, rowHeight, following: follow, onFollow });
  useEffect(() => want?.(Math.max(0, rows.from - 50), Math.min(count, rows.to + 50)));

  const select = (index: number) => {
    if (count === 0) return;
    const chosen = Math.max(0, Math.min(count - 1, index));
    onSelect(chosen);
    rows.show(chosen);
    onFollow?.(chosen === count - 1);
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => select((selected ?? rows.from - 1) + 1),
    ArrowUp: () => select((selected ?? rows.to) - 1),
    PageDown: () => select((selected ?? rows.from) + rows.page),
    PageUp: () => select((selected ?? rows.to) - rows.page),
    Home: () => select(0),
    End: () => select(count - 1),
    Escape: () => onSelect(null),
    Enter: () => selected !== null && onOpen?.(selected),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const withMod = event.ctrlKey || event.metaKey;
    const copies = withMod && event.key === 'c' && selected !== null && window.getSelection()?.isCollapsed;
    const act = copies && onCopy ? () => onCopy(selected) : withMod || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  if (count === 0 && empty !== undefined) return <div className={css.empty}>{empty}</div>;
  return (
    <div
      ref={rows.box}
      className={css.list}
      role="listbox"
      aria-label={label}
      aria-activedescendant={selected === null ? undefined : `${id}-${selected}`}
      tabIndex={0}
      onScroll={rows.onScroll}
      onKeyDown={onKeyDown}
      data-testid={testId}
    >
      <div style={{ height: rows.height }}>
        <div className={css.sight} style={{ height: rows.view }}>
          {Array.from({ length: Math.max(0, rows.to - rows.from) }, (_, at) => rows.from + at).map((index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the list's
            <div
              key={index}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === selected}
              className={css.row}
              style={{ height: rowHeight, transform: `translateY(${index * rowHeight - rows.top}px)` }}
              onClick={() => {
                onSelect(index);
                onFollow?.(false);
              }}
              onDoubleClick={() => onOpen?.(index)}
            >
              {row(index)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
