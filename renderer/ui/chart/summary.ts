/** What a legend says of a series: pure. */
export interface Summary {
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly last: number | null;
}

/** Gaps count for nothing. @param from, to positions in the values, `to` exclusive */
export function summary(values: readonly (number | null)[], from = 0, to = values.length): Summary {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let count = 0;
  let last: number | null = null;
  for (let at = from; at < to; at++) {
    const value = values[at];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    count++;
    last = value;
  }
  return count === 0 ? { min: null, max: null, mean: null, last: null } : { min, max, mean: sum / count, last };
}
