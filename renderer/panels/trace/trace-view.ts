/** What was found, numbered through all stores, and where it stands on the time line: pure. */
import type { ServiceKindName, StoreTrace, TraceFinding } from '../../../preload/contract/index.ts';

export interface Found extends TraceFinding {
  readonly number: number;
  readonly service: string;
  readonly kind: ServiceKindName;
}

export function numbered(stores: readonly StoreTrace[]): Found[] {
  return stores
    .flatMap(({ service, kind, findings }) => findings.map((finding) => ({ ...finding, service, kind })))
    .map((each, number) => ({ ...each, number }));
}

export interface Mark {
  /** Share of the width, 0 to 1. */
  readonly at: number;
  readonly found: Found;
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  readonly marks: readonly Mark[];
}

/** Null when nothing carries a time. One moment alone stands in the middle. */
export function timeline(found: readonly Found[]): Timeline | null {
  const timed = found.filter((each): each is Found & { time: number } => each.time !== null);
  if (timed.length === 0) return null;
  const from = Math.min(...timed.map(({ time }) => time));
  const to = Math.max(...timed.map(({ time }) => time));
  const span = to - from;
  return { from, to, marks: timed.map((each) => ({ at: span === 0 ? 0.5 : (each.time - from) / span, found: each })) };
}
