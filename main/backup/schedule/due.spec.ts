import { describe, expect, it } from 'vitest';
import { isQuiet, mustBeRule, nextOf, type Rule, settled } from './due.ts';

const at = (text: string) => Date.parse(text);
const nightly: Rule = { cron: '30 2 * * *', zone: 'Europe/Berlin', quiet: null };
const hourly: Rule = { cron: '15 * * * *', zone: 'Europe/Berlin', quiet: null };

/** Looks every minute, as an app does, and runs what is due. @returns the times at which it ran */
function runs(rule: Rule, from: string, to: string, handled = at(from)): string[] {
  const ran: string[] = [];
  for (let now = at(from); now <= at(to); now += 60_000) {
    handled = settled(handled, now);
    if (nextOf(rule, handled, now).state !== 'due') continue;
    ran.push(new Date(now).toISOString());
    handled = now;
  }
  return ran;
}

describe('a job runs at its times', () => {
  it('and waits until then', () => {
    const next = nextOf(nightly, at('2026-01-10T12:00:00Z'), at('2026-01-10T13:00:00Z'));
    expect(next).toEqual({ state: 'waiting', due: at('2026-01-11T01:30:00Z'), at: at('2026-01-11T01:30:00Z') });
  });

  it('also right at the minute', () => {
    const due = at('2026-01-11T01:30:00Z');
    expect(nextOf(nightly, at('2026-01-10T12:00:00Z'), due)).toEqual({ state: 'due', due });
    expect(nextOf(nightly, due, due).state).toBe('waiting');
  });

  it('a rule that no day meets never does', () => {
    expect(nextOf({ ...nightly, cron: '0 0 30 2 *' }, 0, at('2026-01-01T00:00:00Z'))).toEqual({ state: 'never' });
  });
});

describe('missed times', () => {
  it('are caught up by one run, for the newest of them', () => {
    const now = at('2026-01-20T12:00:00Z');
    expect(nextOf(nightly, at('2026-01-10T12:00:00Z'), now)).toEqual({ state: 'due', due: at('2026-01-20T01:30:00Z') });
    expect(nextOf(nightly, now, now)).toEqual({ state: 'waiting', due: at('2026-01-21T01:30:00Z'), at: at('2026-01-21T01:30:00Z') });
  });

  it('are not run twice by a clock that was set back', () => {
    // Run at 01:30; at 02:00 the clock is set back to 00:50, and it is 01:30 once more.
    expect(runs(nightly, '2026-01-20T00:50:00Z', '2026-01-21T02:00:00Z', at('2026-01-20T02:00:00Z'))).toEqual(['2026-01-21T01:30:00.000Z']);
  });

  it('a clock that was years ahead does not silence a job until those years are over', () => {
    const ahead = at('2031-01-01T00:00:00Z');
    expect(runs(nightly, '2026-01-20T00:50:00Z', '2026-01-21T02:00:00Z', ahead)).toEqual([
      '2026-01-20T01:30:00.000Z',
      '2026-01-21T01:30:00.000Z',
    ]);
  });

  it('a clock that is set forward catches up once', () => {
    expect(runs(nightly, '2026-01-20T06:00:00Z', '2026-01-20T12:00:00Z', at('2026-01-12T00:00:00Z'))).toEqual(['2026-01-20T06:00:00.000Z']);
  });
});

describe('daylight saving in Berlin', () => {
  it('a time that the night in spring leaves out is run when the clock goes on', () => {
    // 02:00 becomes 03:00: there is no 02:30.
    expect(runs(nightly, '2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual(['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']);
  });

  it('a time that the night in autumn has twice is run once', () => {
    expect(runs(nightly, '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
  });

  it('an hourly job runs every hour that passes, 23 in spring and 25 in autumn', () => {
    expect(runs(hourly, '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toHaveLength(23);
    expect(runs(hourly, '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toHaveLength(25);
  });

  it('a zone half an hour off and without it keeps its own times', () => {
    expect(runs({ ...nightly, zone: 'Asia/Kolkata' }, '2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toEqual([
      '2026-03-28T21:00:00.000Z',
    ]);
  });
});

describe('quiet hours', () => {
  const night = { from: '22:00', to: '07:00' };
  const quiet: Rule = { ...hourly, quiet: night };

  it('go over midnight, and end at their minute', () => {
    const hours = night;
    expect(['21:59', '22:00', '00:00', '06:59', '07:00'].map((clock) => isQuiet(hours, clock))).toEqual([false, true, true, true, false]);
    expect(['08:59', '09:00', '16:59', '17:00'].map((clock) => isQuiet({ from: '09:00', to: '17:00' }, clock))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('hold what is due until their end, and then it runs once', () => {
    const times = runs(quiet, '2026-01-10T18:00:00Z', '2026-01-11T07:30:00Z');
    expect(times).toEqual([
      '2026-01-10T18:15:00.000Z',
      '2026-01-10T19:15:00.000Z',
      '2026-01-10T20:15:00.000Z',
      '2026-01-11T06:00:00.000Z',
      '2026-01-11T06:15:00.000Z',
      '2026-01-11T07:15:00.000Z',
    ]);
  });

  it('tell when a held one will run', () => {
    const next = nextOf(quiet, at('2026-01-10T21:00:00Z'), at('2026-01-11T00:00:00Z'));
    expect(next).toEqual({ state: 'waiting', due: at('2026-01-10T21:15:00Z'), at: at('2026-01-11T06:00:00Z') });
  });

  it('end by the clock of the night in which it changes', () => {
    const nightQuiet = { ...nightly, quiet: { from: '01:00', to: '05:00' } };
    expect(runs(nightQuiet, '2026-03-28T20:00:00Z', '2026-03-29T12:00:00Z')).toEqual(['2026-03-29T03:00:00.000Z']);
    expect(runs(nightQuiet, '2026-10-24T20:00:00Z', '2026-10-25T12:00:00Z')).toEqual(['2026-10-25T04:00:00.000Z']);
  });
});

it('what is no rule is refused, by what is wrong with it', () => {
  const refused = (change: object) => () => mustBeRule({ ...nightly, ...change });
  expect(refused({ cron: '61 * * * *' })).toThrow(/minute/);
  expect(refused({ cron: '* * * * * *' })).toThrow(/5 parts/);
  expect(refused({ cron: 'whenever' })).toThrow(/cron expression/);
  expect(refused({ zone: 'Mars/Base' })).toThrow(/time zone/);
  expect(refused({ quiet: { from: '10:00', to: '10:00' } })).toThrow(/all day/);
  expect(refused({})).not.toThrow();
});
