/** Bars of several series stand beside each other within their window, none hidden behind another: pure. */

/** Of the width of a window, what its bars take together. */
const share = 0.8;

/** Where the bar of one series begins in each window, and how wide it is. @param times ascending, in any unit @param at, of which series, of how many */
export function barsBeside(times: readonly number[], at: number, of: number): { starts: number[]; width: number } {
  let window = Number.POSITIVE_INFINITY;
  for (let index = 1; index < times.length; index++) window = Math.min(window, times[index]! - times[index - 1]!);
  if (!Number.isFinite(window)) window = 1;
  const width = (window * share) / of;
  return { starts: times.map((time) => time + (window * (1 - share)) / 2 + at * width), width };
}
