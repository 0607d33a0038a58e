/**
 * When a job runs: pure functions of its rule, of what was handled, and of the clock. Changes of the clock and of
 * daylight saving are answered here: a time that a day leaves out is run when the clock goes on, one that it has twice is
 * run once, missed times are caught up by one run, and a clock that was set back runs nothing twice.
 */
import { Cron } from 'croner';
import type { QuietHours, ScheduleJob } from '../../../preload/contract/schedule.ts';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';

export type Rule = Pick<ScheduleJob, 'cron' | 'zone' | 'quiet'>;

export type Next =
  | { readonly state: 'never' }
  /** @see Next.due ms since the epoch: the time of the rule; `at` is later where quiet hours hold it. */
  | { readonly state: 'waiting'; readonly due: number; readonly at: number }
  /** Missed, or due right now. */
  | { readonly state: 'due'; readonly due: number };

/**
 * @param handled ms since the epoch: all times of the rule up to then are done with
 * @param now ms since the epoch
 */
export function nextOf(rule: Rule, handled: number, now: number): Next {
  const due = nextTime(rule, handled);
  if (due === undefined) return { state: 'never' };
  const at = afterQuiet(rule, Math.max(due, now)) ?? Math.max(due, now);
  if (at > now || due > now) return { state: 'waiting', due, at: due > now ? (afterQuiet(rule, due) ?? due) : at };
  // Of many that were missed the newest counts.
  return { state: 'due', due: newestTime(rule, due, now) };
}

/**
 * What is to be kept as handled by the clock of now. A clock that was set back by less than a day runs nothing twice;
 * what was handled in a future further off says nothing of the times from now on.
 */
export function settled(handled: number, now: number): number {
  return handled - now > limits.scheduleClockBack ? now : handled;
}

/** @throws NoodleError bad-argument, saying which part is wrong */
export function mustBeRule({ cron, zone, quiet }: Rule): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw new NoodleError({ code: 'bad-argument', what: `"${zone}" is no time zone.`, todo: 'Give one such as Europe/Berlin or UTC.' });
  }
  try {
    cronOf({ cron, zone });
  } catch (error) {
    const why = (error as Error).message.replace(/^CronPattern: /, '');
    throw new NoodleError({
      code: 'bad-argument',
      what: `"${cron}" is no cron expression.`,
      why,
      todo: 'Give minute, hour, day, month and day of the week, such as "30 2 * * *".',
    });
  }
  if (quiet && quiet.from === quiet.to) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'Quiet hours that end when they begin would be all day.',
      todo: 'Remove the job instead.',
    });
  }
}

function cronOf({ cron, zone }: Pick<Rule, 'cron' | 'zone'>): Cron {
  return new Cron(cron, { timezone: zone, paused: true, mode: '5-part' });
}

/** The first time of the rule after a moment. */
function nextTime(rule: Rule, after: number): number | undefined {
  return cronOf(rule).nextRun(new Date(after))?.getTime();
}

/** The last time of the rule that is not after `now`. @param due one of its times */
function newestTime(rule: Rule, due: number, now: number): number {
  const [newest] = cronOf(rule).previousRuns(1, new Date(now + 1));
  return Math.max(due, newest?.getTime() ?? due);
}

/** The end of the quiet hours that a moment is in; undefined when it is in none. */
function afterQuiet({ quiet, zone }: Rule, at: number): number | undefined {
  if (!quiet || !isQuiet(quiet, wallClock(at, zone))) return undefined;
  const [hour, minute] = quiet.to.split(':').map(Number);
  // The moment before, so that an end at this very minute is found.
  return nextTime({ cron: `${minute} ${hour} * * *`, zone, quiet: null }, at - 1);
}

/** @param clock `HH:MM` */
export function isQuiet({ from, to }: QuietHours, clock: string): boolean {
  return from < to ? from <= clock && clock < to : clock >= from || clock < to;
}

function wallClock(at: number, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}
