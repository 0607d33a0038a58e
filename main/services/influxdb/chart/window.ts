/** Which window a chart is asked for, so that there are as many as its pixels can show and as its data fill. */

const s = 1_000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;
/** Windows people can read off an axis, ms. */
export const windowSteps: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500,
  s, 2 * s, 5 * s, 10 * s, 15 * s, 30 * s,
  m, 2 * m, 5 * m, 10 * m, 15 * m, 30 * m,
  h, 2 * h, 3 * h, 6 * h, 12 * h,
  d, 2 * d, 7 * d, 14 * d, 30 * d, 90 * d, 365 * d,
]; // biome-ignore format: a list is read as a list

/** Pixels for one window: a line cannot show more. */
const pixelsAWindow = 2;

export interface WindowFacts {
  /** ms */
  readonly length: number;
  readonly pixels: number;
  /** The window someone chose. */
  readonly asked?: number;
  /** ms from point to point as the data come; 0 when not known. */
  readonly interval: number;
  /** Windows that the chart may have at most. */
  readonly most: number;
}

export interface ChosenWindow {
  readonly every: number;
  readonly because: 'pixels' | 'data' | 'asked' | 'bound';
}

/** The window someone chose, if the chart may have so many; else the shortest step that gives each window its pixels and its point. */
export function chooseWindow({ length, pixels, asked, interval, most }: WindowFacts): ChosenWindow {
  const least = stepFor(length / most);
  if (asked !== undefined) return asked >= least ? { every: asked, because: 'asked' } : { every: least, because: 'bound' };
  const byPixels = stepFor((length / pixels) * pixelsAWindow);
  // Points never come quite on time: a window hardly longer than their interval would now and then be empty.
  const byData = interval > 0 ? stepFor(interval) : 0;
  const every = Math.max(byPixels, byData, least);
  return { every, because: every === byPixels ? 'pixels' : every === byData ? 'data' : 'bound' };
}

/** The shortest step of at least so many ms. */
export function stepFor(ms: number): number {
  return windowSteps.find((step) => step >= ms * 0.999) ?? Math.ceil(ms / (365 * d)) * 365 * d;
}
