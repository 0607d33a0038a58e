/** Dashboards: charts without their time, kept as JSON in the notebook. */

import { metricsSearch } from '../search.ts';
import { type ChartView, isWhole, viewOf } from '../view.ts';

export interface PinnedChart {
  id: string;
  title: string;
  /** See `inUnit`; none: guessed from the names. */
  unit?: string;
  /** What is drawn … */
  view?: ChartView;
  /** … or the query that gives it. */
  flux?: string;
}

export interface Board {
  id: string;
  name: string;
  /** One of Noodlebox's own, which cannot be changed. */
  builtIn: boolean;
  /** One line of what it shows. */
  about?: string;
  charts: readonly PinnedChart[];
}

export function boardBody(charts: readonly PinnedChart[]): string {
  return JSON.stringify({ charts });
}

/** What of a saved body can be understood; a chart that cannot is left out. */
export function chartsFrom(body: string): PinnedChart[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return [];
  }
  const charts = typeof parsed === 'object' && parsed !== null && 'charts' in parsed ? parsed.charts : [];
  return Array.isArray(charts) ? charts.flatMap(chartFrom) : [];
}

function chartFrom(value: unknown): PinnedChart[] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, title, unit, view, flux } = value as Record<string, unknown>;
  if (typeof id !== 'string' || typeof title !== 'string') return [];
  const known = { id, title, ...(typeof unit === 'string' ? { unit } : {}) };
  if (typeof flux === 'string') return [{ ...known, flux }];
  const drawn = typeof view === 'object' && view !== null ? viewOf(metricsSearch(view as Record<string, unknown>)) : {};
  return isWhole(drawn) ? [{ ...known, view: drawn }] : [];
}

/** The charts with one moved by so many places; as they were when it would leave the list. */
export function moved(charts: readonly PinnedChart[], id: string, by: number): PinnedChart[] {
  const from = charts.findIndex((chart) => chart.id === id);
  const to = from + by;
  const next = [...charts];
  if (from < 0 || to < 0 || to >= charts.length) return next;
  const [chart] = next.splice(from, 1);
  next.splice(to, 0, chart!);
  return next;
}
