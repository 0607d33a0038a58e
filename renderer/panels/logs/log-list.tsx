import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { clock, dateTime, type Zone } from '../../ui/format.ts';
import {
  clampTop,
  lastTop,
  physicalHeight,
  rowsInSight,
  type ScrollSpace,
  toPhysical,
  topShowing,
  toVirtual,
} from '../../ui/scaled-scroll.ts';
import { hueOf } from '../../ui/theme.ts';
import css from './logs.module.css';
import { marked } from './marks.ts';
import type { IndexedLine } from './use-logs.ts';

const rowHeight = 20;

interface LogListProps {
  count: number;
  lineAt: (position: number) => IndexedLine | undefined;
  want: (from: number, to: number) => void;
  /** Kind of each service, for its hue. */
  kinds: ReadonlyMap<string, string | null>;
  search: string;
  zone: Zone;
  following: boolean;
  onFollow: (following: boolean) => void;
  selected: number | null;
  onSelect: (position: number | null) => void;
}

/** A million lines scroll like a hundred: only those in sight are drawn, and long lists are scaled. */
export function LogList({ count, lineAt, want, kinds, search, zone, following, onFollow, selected, onSelect }: LogListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState(0);
  const [top, setTop] = useState(0);
  const space: ScrollSpace = { rows: count, rowHeight, view };
  const current = following ? lastTop(space) : clampTop(top, space);
  const { from, to } = rowsInSight(current, space);
  // The list stays where following it ends.
  if (following && top !== current) setTop(current);

  useLayoutEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setView(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // The scroll bar follows where the list is; its own event is told from a person's by that.
  useLayoutEffect(() => {
    const element = box.current!;
    const wanted = toPhysical(current, space);
    if (Math.abs(element.scrollTop - wanted) >= 1) element.scrollTop = wanted;
  });
  useEffect(() => want(Math.max(0, from - 50), to + 50));

  const moveTo = (next: number) => {
    const clamped = clampTop(next, space);
    setTop(clamped);
    onFollow(clamped >= lastTop(space) && (following || clamped > current));
  };
  const select = (position: number) => {
    const row = Math.max(0, Math.min(count - 1, position));
    onSelect(row);
    const next = topShowing(row, current, space);
    setTop(next);
    onFollow(row === count - 1);
  };
  /** A line that was clicked stays under the pointer. */
  const choose = (position: number) => {
    onSelect(position);
    onFollow(false);
  };
  // React listens to wheels passively; a scaled list must move by what the wheel says, not by the scaled share of it.
  const wheel = useRef<(event: WheelEvent) => void>(() => {});
  wheel.current = (event) => {
    if (event.deltaY === 0 || event.ctrlKey) return;
    event.preventDefault();
    moveTo(current + event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? rowHeight : 1));
  };
  useEffect(() => {
    const element = box.current!;
    const listener = (event: WheelEvent) => wheel.current(event);
    element.addEventListener('wheel', listener, { passive: false });
    return () => element.removeEventListener('wheel', listener);
  }, []);

  const chosenLine = selected === null ? undefined : lineAt(selected);
  // Text that was selected by hand is the browser's to copy.
  const copySelected =
    chosenLine === undefined || !window.getSelection()?.isCollapsed ? undefined : () => void navigator.clipboard.writeText(chosenLine.text);
  const keys: Record<string, () => void> = {
    ArrowDown: () => select((selected ?? from - 1) + 1),
    ArrowUp: () => select((selected ?? to) - 1),
    PageDown: () => select((selected ?? from) + Math.max(1, Math.floor(view / rowHeight) - 1)),
    PageUp: () => select((selected ?? to) - Math.max(1, Math.floor(view / rowHeight) - 1)),
    Home: () => select(0),
    End: () => select(count - 1),
    Escape: () => onSelect(null),
  };

  return (
    <div
      ref={box}
      className={css.list}
      data-testid="logs-list"
      role="listbox"
      aria-label="Log lines"
      aria-activedescendant={selected === null ? undefined : `log-${selected}`}
      tabIndex={0}
      onScroll={(event) => {
        const element = event.currentTarget;
        if (Math.abs(element.scrollTop - toPhysical(current, space)) >= 2) moveTo(toVirtual(element.scrollTop, space));
      }}
      onKeyDown={(event) => {
        const withMod = event.ctrlKey || event.metaKey;
        const act = withMod && event.key === 'c' ? copySelected : withMod ? undefined : keys[event.key];
        if (!act) return;
        event.preventDefault();
        act();
      }}
    >
      <div style={{ height: physicalHeight(space) }}>
        <div className={css.sight} style={{ height: view }}>
          {Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at).map((position) => (
            <Row
              key={position}
              position={position}
              offset={position * rowHeight - current}
              line={lineAt(position)}
              kind={kinds.get(lineAt(position)?.service ?? '') ?? null}
              search={search}
              zone={zone}
              selected={position === selected}
              onSelect={choose}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  position: number;
  offset: number;
  line: IndexedLine | undefined;
  kind: string | null;
  search: string;
  zone: Zone;
  selected: boolean;
  onSelect: (position: number) => void;
}

function Row({ position, offset, line, kind, search, zone, selected, onSelect }: RowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the list's
    <div
      id={`log-${position}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      className={css.row}
      style={{ transform: `translateY(${offset}px)` }}
      data-level={line?.level}
      onClick={() => onSelect(position)}
    >
      {line === undefined ? null : (
        <>
          <span className={css.time} title={dateTime(line.time, zone)}>
            {clock(line.time, zone)}
          </span>
          <span className={css.service} style={{ color: hueOf(kind) }}>
            {line.service}
          </span>
          <span className={css.level}>{line.level}</span>
          <span className={css.text}>
            <Marked text={line.text.slice(0, 2_000)} search={search} />
          </span>
        </>
      )}
    </div>
  );
}

/** A text with what was searched for marked in it. */
export function Marked({ text, search }: { text: string; search: string }) {
  return marked(text, search).map((piece) => (piece.found ? <mark key={piece.at}>{piece.text}</mark> : piece.text));
}
