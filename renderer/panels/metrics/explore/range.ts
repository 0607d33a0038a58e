/** Ranges as people choose them, and moving about in time. */
import type { MetricRange } from '../../../../preload/contract/index.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const presets: readonly { readonly last: number; readonly label: string }[] = [
  { last: 5 * minute, label: 'Last 5 minutes' },
  { last: 15 * minute, label: 'Last 15 minutes' },
  { last: hour, label: 'Last hour' },
  { last: 6 * hour, label: 'Last 6 hours' },
  { last: day, label: 'Last 24 hours' },
  { last: 7 * day, label: 'Last 7 days' },
  { last: 30 * day, label: 'Last 30 days' },
];

/** A range where it stands now. */
export function fixed(range: MetricRange, now: number): { start: number; stop: number } {
  return 'last' in range ? { start: now - range.last, stop: now } : range;
}

/** @param share of the width; negative is towards the past */
export function panned(range: MetricRange, share: number, now: number): { start: number; stop: number } {
  const { start, stop } = fixed(range, now);
  const by = Math.round((stop - start) * share);
  return { start: start + by, stop: stop + by };
}

/** Twice as much time, about the same middle; never beyond what there can be yet, when it was not there before. */
export function widened(range: MetricRange, now: number): MetricRange {
  if ('last' in range) return { last: range.last * 2 };
  const half = Math.round((range.stop - range.start) / 2);
  const stop = range.stop <= now ? Math.min(range.stop + half, Math.max(now, range.stop)) : range.stop + half;
  return { start: range.start - half, stop };
}

/** Around a point in time, as wide as the range was; at least an hour. */
export function around(time: number, range: MetricRange, now: number): { start: number; stop: number } {
  const { start, stop } = fixed(range, now);
  const length = Math.max(hour, stop - start);
  return { start: time - Math.round(length * 0.9), stop: time + Math.round(length * 0.1) };
}

/** "5 min", "10 s", "200 ms", "6 h", "7 d": a window as a word. */
export function spanWord(ms: number): string {
  for (const [size, unit] of [[day, 'd'], [hour, 'h'], [minute, 'min'], [1_000, 's']] as const) {
    if (ms >= size) return `${Number((ms / size).toFixed(ms % size === 0 ? 0 : 1))} ${unit}`;
  } // biome-ignore format: a table
  return `${ms} ms`;
}

/** What a date-time field holds, in the machine's own zone. */
export function toField(ms: number): string {
  const date = new Date(ms - new Date(ms).getTimezoneOffset() * minute);
  return date.toISOString().slice(0, 19);
}

export function fromField(text: string): number | null {
  const ms = new Date(text).getTime();
  return Number.isFinite(ms) ? ms : null;
}
