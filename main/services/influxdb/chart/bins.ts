/** Values sorted into boxes: over time in columns, over value in rows of readable bounds. */

export interface Sample {
  /** ms */
  readonly time: number;
  readonly value: number;
}

export interface Grid {
  readonly times: number[];
  /** One more than there are rows. */
  readonly bounds: number[];
  readonly counts: number[][];
}

/** @param start where the first column begins  @param every ms a column  @param rows about how many */
export function sortIntoBins(samples: readonly Sample[], start: number, every: number, columns: number, rows: number): Grid {
  const bounds = boundsFor(samples, rows);
  const step = bounds[1]! - bounds[0]!;
  const counts = Array.from({ length: columns }, () => new Array<number>(bounds.length - 1).fill(0));
  for (const { time, value } of samples) {
    const column = Math.min(columns - 1, Math.max(0, Math.floor((time - start) / every)));
    const row = Math.min(bounds.length - 2, Math.max(0, Math.floor((value - bounds[0]!) / step)));
    counts[column]![row]!++;
  }
  return { times: Array.from({ length: columns }, (_, column) => start + column * every), bounds, counts };
}

/** Bounds that hold all values, at steps of 1, 2 or 5 times a power of ten; about as many rows as asked for, one at least. */
export function boundsFor(samples: readonly Sample[], rows: number): number[] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const { value } of samples) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (samples.length === 0) return [0, 1];
  if (least === most) {
    const half = Math.abs(least) / 2 || 0.5;
    return [least - half, least + half];
  }
  const step = readableStep((most - least) / rows);
  const from = Math.floor(least / step);
  const to = Math.max(from + 1, Math.floor(most / step) + 1);
  return Array.from({ length: to - from + 1 }, (_, index) => rounded((from + index) * step, step));
}

function readableStep(about: number): number {
  const power = 10 ** Math.floor(Math.log10(about));
  const share = about / power;
  return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10) * power;
}

/** 0.30000000000000004 is 0.3. */
function rounded(value: number, step: number): number {
  const digits = Math.max(0, Math.min(15, 1 - Math.floor(Math.log10(step))));
  return Number(value.toFixed(digits));
}
