/** What the metrics panel shows, kept in the address. */
import type { Aggregate, MetricRange, TagFilter } from '../../../preload/contract/index.ts';

export const tabNames = ['explore', 'flux', 'boards', 'write', 'buckets'] as const;
export type MetricsTab = (typeof tabNames)[number];

export const draws = ['line', 'band', 'bar', 'heat', 'histogram', 'value', 'table'] as const;
export type Draw = (typeof draws)[number];

const aggregates = ['mean', 'min', 'max', 'sum', 'count', 'first', 'last', 'median', 'p95', 'rate'] as const satisfies readonly Aggregate[];

export interface MetricsSearch {
  /** The service looked at; none: the stack's only one of the kind. */
  service?: string;
  /** Default: explore. */
  tab?: MetricsTab;
  bucket?: string;
  measurement?: string;
  /** None: all fields. */
  fields?: string[];
  filters?: TagFilter[];
  group?: string[];
  /** Default: mean. */
  aggregate?: Aggregate;
  /** Default: line. */
  draw?: Draw;
  /** The window in ms; none: the one that fits. */
  every?: number;
  /** The last so many ms up to now; default: an hour. */
  last?: number;
  /** A range that stays where it is, ms since the epoch; goes before `last`. */
  start?: number;
  stop?: number;
  /** Seconds between two looks while the range follows the time; 0: only when asked; none: as the tab has it. */
  refresh?: number;
  /** The dashboard that is open. */
  board?: string;
  /** A saved query to be put into the Flux editor. */
  saved?: string;
}

export const hour = 3_600_000;

/** What cannot be understood is left out. */
export function metricsSearch(search: Record<string, unknown>): MetricsSearch {
  const { start, stop } = search;
  const filters = Array.isArray(search.filters) ? search.filters.flatMap(filterOf).slice(0, 20) : [];
  const aggregate = aggregates.find((each) => each === search.aggregate);
  const draw = draws.find((each) => each === search.draw);
  const tab = tabNames.find((each) => each === search.tab);
  const found: MetricsSearch = {
    service: text(search.service),
    tab: tab === 'explore' ? undefined : tab,
    bucket: text(search.bucket),
    measurement: text(search.measurement),
    fields: texts(search.fields),
    filters: filters.length > 0 ? filters : undefined,
    group: texts(search.group),
    aggregate: aggregate === 'mean' ? undefined : aggregate,
    draw: draw === 'line' ? undefined : draw,
    every: whole(search.every, 1),
    last: whole(search.last, 1) === hour ? undefined : whole(search.last, 1),
    ...(typeof start === 'number' && typeof stop === 'number' && stop > start ? { start: Math.round(start), stop: Math.round(stop) } : {}),
    refresh: whole(search.refresh, 0),
    board: text(search.board),
    saved: text(search.saved),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as MetricsSearch;
}

export function rangeOf({ start, stop, last }: MetricsSearch): MetricRange {
  return start !== undefined && stop !== undefined ? { start, stop } : { last: last ?? hour };
}

/** The search of a range: what the other kind of range said goes. */
export function ofRange(range: MetricRange): Pick<MetricsSearch, 'start' | 'stop' | 'last'> {
  return 'last' in range ? { last: range.last, start: undefined, stop: undefined } : { ...range, last: undefined };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(value: unknown): string[] | undefined {
  const all = Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string' && each !== '').slice(0, 20) : [];
  return all.length > 0 ? all : undefined;
}

function whole(value: unknown, least: number): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? value : undefined;
}

function filterOf(value: unknown): TagFilter[] {
  if (typeof value !== 'object' || value === null) return [];
  const { key, values } = value as Partial<TagFilter>;
  if (typeof key !== 'string' || key === '' || !Array.isArray(values)) return [];
  const kept = values.filter((each): each is string => typeof each === 'string').slice(0, 100);
  return kept.length > 0 ? [{ key, values: kept }] : [];
}
