import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';

/** A stretch of time, start inclusive, stop exclusive. */
export interface TimeRange {
  readonly start: Date;
  readonly stop: Date;
}

export interface RangeOptions {
  readonly start?: Date;
  readonly stop?: Date;
  /** Ask for more than `limits.influxRangeMax`. */
  readonly wide?: boolean;
}

/** The range asked for: the last `limits.influxRange` when none is. @throws NoodleError bad-argument */
export function timeRange(options: RangeOptions = {}, now = new Date()): TimeRange {
  const stop = options.stop ?? now;
  const start = options.start ?? new Date(stop.getTime() - limits.influxRange);
  const length = stop.getTime() - start.getTime();
  if (!(length > 0)) {
    throw new NoodleError({ code: 'bad-argument', what: 'A time range must end after it starts.', todo: 'Give a start before the stop.' });
  }
  if (length > limits.influxRangeMax && !options.wide) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `A query over ${Math.ceil(length / 3_600_000)} hours was asked for; ${limits.influxRangeMax / 3_600_000} are the most.`,
      todo: 'Choose a shorter range, or ask for a wide one expressly.',
    });
  }
  return { start, stop };
}
