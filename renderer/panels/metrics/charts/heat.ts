/** Where the boxes of a heat map lie, how dark they are, and what its axes say: pure. */
import type { Distribution } from '../../../../preload/contract/index.ts';
import { clock, dateTime, type Zone } from '../../../ui/format.ts';

/** px */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The box under a place; undefined outside of the plot and where nothing was counted. */
export function boxAt({ start, stop, every, times, bounds, counts }: Distribution, plot: Plot, at: { x: number; y: number }) {
  const share = (at.x - plot.left) / plot.width;
  const up = 1 - (at.y - plot.top) / plot.height;
  if (share < 0 || share > 1 || up < 0 || up > 1) return undefined;
  const time = start + share * (stop - start);
  const column = Math.floor((time - times[0]!) / every);
  const value = bounds[0]! + up * (bounds.at(-1)! - bounds[0]!);
  const row = bounds.findLastIndex((bound) => bound <= value);
  const count = counts[column]?.[row] ?? 0;
  return count === 0 ? undefined : { count, from: bounds[row]!, to: bounds[row + 1]!, time: times[column]! };
}

/** How much of the colour a box has: few are seen too, and twice as many are visibly darker. */
export function shade(count: number, most: number): number {
  return 0.12 + 0.88 * (Math.log1p(count) / Math.log1p(most));
}

/** Some of the bounds, evenly. */
export function axisTicks(bounds: readonly number[], most: number): number[] {
  const step = Math.max(1, Math.ceil((bounds.length - 1) / Math.max(1, most)));
  return bounds.filter((_, index) => index % step === 0);
}

const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000,
];

/** Round times between two ends, as an axis has them: clock times within a day or two, else dates. */
export function timeTicks(start: number, stop: number, most: number, zone: Zone): { time: number; text: string }[] {
  const wanted = (stop - start) / Math.max(1, most) / 1_000;
  const step = (steps.find((each) => each >= wanted) ?? steps.at(-1)!) * 1_000;
  const shift = zone === 'utc' ? 0 : new Date(start).getTimezoneOffset() * -60_000;
  const ticks = [];
  for (let time = Math.ceil((start + shift) / step) * step - shift; time <= stop; time += step) {
    const text = step >= 86_400_000 ? dateTime(time, zone).slice(0, 10) : clock(time, zone).slice(0, step < 60_000 ? 8 : 5);
    ticks.push({ time, text });
  }
  return ticks;
}
