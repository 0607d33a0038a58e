import type { StackStatus, StatsPoint } from '../../preload/contract/index.ts';

/** What each service used of late, by its name. */
export type Series = Record<string, StatsPoint[]>;

/** Points kept a service: three minutes at the core's two seconds. */
export const pointsKept = 90;
/** The core samples every two seconds; statuses that come between repeat the last sample. */
const spacing = 1500;

/** Adds the sample a status carries, unless it repeats the last one. */
export function addStatus(series: Series, status: StackStatus, now: number): Series {
  const next: Series = {};
  for (const service of status.services) {
    const points = series[service.name] ?? [];
    const { cpu, memory } = service;
    const last = points.at(-1);
    const isNew = cpu !== null && memory !== null && (last === undefined || now - last.time >= spacing);
    next[service.name] = isNew ? [...points, { time: now, cpu, memory }].slice(-pointsKept) : points;
  }
  return next;
}
