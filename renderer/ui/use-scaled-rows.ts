import { type UIEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { clampTop, lastTop, physicalHeight, rowsInSight, type ScrollSpace, toPhysical, topShowing, toVirtual } from './scaled-scroll.ts';

export interface ScaledRows {
  /** Given to the scrolling box as its ref. */
  readonly box: (element: HTMLDivElement | null) => void;
  /** The box, once it is there: it may come later than the list, and go again. */
  readonly element: HTMLDivElement | null;
  /** Height of what is seen, px, without what stands above the rows. */
  readonly view: number;
  /** Virtual position of the first pixel in sight. */
  readonly top: number;
  /** Rows in sight, `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Height the scroll bar sees, px. */
  readonly height: number;
  /** Rows a page key moves by. */
  readonly page: number;
  /** Scrolls as little as needed to show the whole of a row. @returns whether the end is in sight then */
  show(row: number): boolean;
  onScroll(event: UIEvent<HTMLElement>): void;
}

interface Options {
  readonly rows: number;
  readonly rowHeight: number;
  /** Height of a head that stays above the rows within the box, px. */
  readonly head?: number;
  /** Keeps the end in sight as rows come. */
  readonly following?: boolean;
  /** Told when a person scrolls: whether the end is in sight now. */
  readonly onFollow?: (following: boolean) => void;
}

/** Scrolling of rows of equal height, however many there are: see scaled-scroll.ts. */
export function useScaledRows({ rows, rowHeight, head = 0, following = false, onFollow }: Options): ScaledRows {
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const [view, setView] = useState(0);
  const [top, setTop] = useState(0);
  const space: ScrollSpace = { rows, rowHeight, view };
  const current = following ? lastTop(space) : clampTop(top, space);
  const { from, to } = rowsInSight(current, space);
  // The list stays where following it ends.
  if (following && top !== current) setTop(current);

  useLayoutEffect(() => {
    if (element === null) return;
    const measure = () => setView(Math.max(0, element.clientHeight - head));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, head]);
  // The scroll bar follows where the list is; its own event is told from a person's by that.
  useLayoutEffect(() => {
    if (element === null) return;
    const wanted = toPhysical(current, space);
    if (Math.abs(element.scrollTop - wanted) >= 1) element.scrollTop = wanted;
  });

  const moveTo = (next: number) => {
    const clamped = clampTop(next, space);
    setTop(clamped);
    onFollow?.(clamped >= lastTop(space) && (following || clamped > current));
  };
  // React listens to wheels passively; a scaled list must move by what the wheel says, not by the scaled share of it.
  const wheel = useRef<(event: WheelEvent) => void>(() => {});
  wheel.current = (event) => {
    if (event.deltaY === 0 || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    moveTo(current + event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? rowHeight : 1));
  };
  useEffect(() => {
    if (element === null) return;
    const listener = (event: WheelEvent) => wheel.current(event);
    element.addEventListener('wheel', listener, { passive: false });
    return () => element.removeEventListener('wheel', listener);
  }, [element]);

  return {
    box: setElement,
    element,
    view,
    top: current,
    from,
    to,
    height: physicalHeight(space),
    page: Math.max(1, Math.floor(view / rowHeight) - 1),
    show(row) {
      const next = topShowing(row, current, space);
      setTop(next);
      return next >= lastTop(space);
    },
    onScroll({ currentTarget }) {
      if (Math.abs(currentTarget.scrollTop - toPhysical(current, space)) >= 2) moveTo(toVirtual(currentTarget.scrollTop, space));
    },
  };
}
