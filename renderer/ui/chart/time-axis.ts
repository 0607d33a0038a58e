/** What stands under a time axis: clock times as everywhere in the window, with the date where it changes. */
import { clock, dateTime, type Zone } from '../format.ts';

/** @param times ms  @param step ms between two ticks */
export function timeLabels(times: readonly number[], step: number, zone: Zone): string[] {
  let day = '';
  return times.map((time, index) => {
    const date = dateTime(time, zone).slice(0, 10);
    const changes = date !== day;
    day = date;
    if (step >= 86_400_000) return date.slice(5);
    const text = clock(time, zone).slice(0, step < 1_000 ? 12 : step < 60_000 ? 8 : 5);
    // The first tick needs no date where all are of one day.
    return changes && index > 0 ? date.slice(5) : text;
  });
}
