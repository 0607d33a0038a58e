/** A stack's jobs: listed, set, removed, and run when they are due. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Schedule, ScheduleEntry, ScheduleJob, ScheduleResult } from '../../../preload/contract/schedule.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import { takeLock } from '../../home/lock.ts';
import { limits } from '../../limits.ts';
import type { Run } from '../snapshots/host.ts';
import { mustBeRule, nextOf, settled } from './due.ts';
import { expired, type Made } from './expire.ts';
import { type KeptJob, type KeptSchedule, readSchedule, writeSchedule } from './store.ts';

export interface ScheduledOutcome {
  /** The id of what was made; null: nothing that is kept */
  readonly made: string | null;
  /** What is to be known although all went well. */
  readonly note?: string;
}

/** What one kind of job does. */
export interface ScheduledWork {
  act(run: Run): Promise<ScheduledOutcome>;
  /** What there is and is whole, with the services whose data it holds; undefined: the work has a retention of its own. */
  there?(): Promise<ReadonlyMap<string, readonly string[]>>;
  delete?(id: string, run: Run): Promise<void>;
  /** Its own retention. @param before ms since the epoch */
  retain?(before: number, run: Run): Promise<void>;
}

export interface ScheduleHost {
  readonly stack: string;
  /** The schedule's file. */
  readonly file: string;
  work(job: ScheduleJob): Promise<ScheduledWork>;
  /** Whether there is anything to look after: looking makes nothing of a stack that is none any more. */
  hasWork(): Promise<boolean>;
  /** Collects what belongs to no job: the WAL since the last time. */
  collect(run: Run): Promise<void>;
  /** ms since the epoch */
  now(): number;
}

export async function list(host: ScheduleHost): Promise<Schedule> {
  const { jobs, results } = await readSchedule(host.file);
  return { entries: jobs.map((kept) => entryOf(kept, results, host.now())), results: results.toReversed() };
}

/** A job of the same name is replaced; what it has made stays its own. Nothing that is past is caught up. @throws NoodleError bad-argument, too-large */
export async function set(host: ScheduleHost, job: ScheduleJob): Promise<ScheduleEntry> {
  mustBeRule(job);
  await mustBeEncryptable(job);
  return changing(host, async (schedule) => {
    const before = schedule.jobs.find((kept) => kept.job.name === job.name);
    if (before && before.job.act !== job.act && before.made.length > 0) {
      throw new NoodleError({
        code: 'conflict',
        what: `The job ${job.name} keeps what it has made as ${before.job.act}.`,
        todo: 'Give another name, or remove that job first: what it made stays.',
      });
    }
    const others = schedule.jobs.filter((kept) => kept !== before);
    if (others.length >= limits.scheduleJobs)
      throw new NoodleError({ code: 'too-large', what: `There are ${others.length} jobs already.` });
    const kept: KeptJob = { job, handled: host.now(), made: before?.made ?? [] };
    await writeSchedule(host.file, { ...schedule, jobs: [...others, kept] });
    return entryOf(kept, schedule.results, host.now());
  });
}

/** @throws NoodleError bad-argument: a recipient that is none is told now, and not at night */
async function mustBeEncryptable({ act, recipients }: ScheduleJob): Promise<void> {
  if (recipients.length === 0) return;
  if (act !== 'dump') throw new NoodleError({ code: 'bad-argument', what: `What ${act} makes is not encrypted: only a dump is.` });
  await (await import('../archive/encryption.ts')).mustBeRecipients(recipients);
}

/** What it has made stays, and is nobody's to delete from then on. */
export async function remove(host: ScheduleHost, name: string): Promise<void> {
  await changing(host, async (schedule) => {
    found(schedule, name);
    await writeSchedule(host.file, { ...schedule, jobs: schedule.jobs.filter(({ job }) => job.name !== name) });
  });
}

/** Runs a job now, whatever its times. @throws NoodleError as its work does; the result is kept all the same */
export async function runNow(host: ScheduleHost, name: string, run: Run): Promise<ScheduleResult> {
  const { job } = found(await readSchedule(host.file), name);
  const { result, error } = await done(host, job, null, run);
  if (error) throw error;
  return result;
}

/** Runs, one after another, what is due. @returns how they went */
export async function runDue(host: ScheduleHost, run: Run): Promise<readonly ScheduleResult[]> {
  await settleClock(host);
  const results: ScheduleResult[] = [];
  for (const { job, handled } of (await readSchedule(host.file)).jobs) {
    if (run.signal.aborted) break;
    const next = nextOf(job, handled, host.now());
    if (next.state !== 'due') continue;
    const { result, error } = await done(host, job, next.due, run);
    // Somebody is at work on the stack: it stays due.
    if (error?.code === 'stack-busy' || error?.code === 'cancelled') continue;
    results.push(result);
  }
  return results;
}

/** Looks until it is stopped. Only one process does so for a stack. */
export async function follow(host: ScheduleHost, signal: AbortSignal, told: (message: string) => void): Promise<void> {
  const run: Run = { signal, onEvent: (event) => void (event.type === 'notice' && event.level === 'warn' && told(event.message)) };
  let collected = Number.NEGATIVE_INFINITY;
  const look = async () => {
    const lock = await takeLock(`${host.file}.lock`, 'the schedule', 'stack-busy');
    try {
      await runDue(host, run);
      if (performance.now() - collected < limits.walCollect) return;
      collected = performance.now();
      await host.collect(run);
    } finally {
      await lock.release();
    }
  };
  while (!signal.aborted) {
    try {
      if (await host.hasWork()) await look();
    } catch (error) {
      // The next look tries again; a job's own failure is its result.
      const { code, message } = asNoodleError(error);
      if (code !== 'stack-busy' && code !== 'cancelled') told(message);
    }
    await pause(limits.scheduleLook, undefined, { signal }).catch(() => {});
  }
}

async function settleClock(host: ScheduleHost): Promise<void> {
  const { jobs } = await readSchedule(host.file);
  if (jobs.every(({ handled }) => settled(handled, host.now()) === handled)) return;
  await changing(host, async (schedule) => {
    const now = host.now();
    await writeSchedule(host.file, { ...schedule, jobs: schedule.jobs.map((kept) => ({ ...kept, handled: settled(kept.handled, now) })) });
  });
}

interface Done {
  readonly result: ScheduleResult;
  readonly error: NoodleError | undefined;
}

/** Does it and keeps how it went. Killed in the middle it was not done, and is still due. */
async function done(host: ScheduleHost, job: ScheduleJob, due: number | null, run: Run): Promise<Done> {
  const startedAt = host.now();
  const work = await host.work(job);
  let outcome: ScheduledOutcome = { made: null };
  let error: NoodleError | undefined;
  try {
    outcome = await work.act(run);
  } catch (thrown) {
    error = asNoodleError(thrown);
  }
  const result: ScheduleResult = {
    job: job.name,
    act: job.act,
    due,
    startedAt,
    endedAt: host.now(),
    outcome: error === undefined ? 'done' : nothingToDo.has(error.code) ? 'skipped' : 'failed',
    made: outcome.made,
    note: outcome.note ?? null,
    problem: error ? { ...error.problem } : null,
  };
  if (error?.code === 'stack-busy' || error?.code === 'cancelled') return { result, error };
  await kept(host, job.name, result, due);
  // What is too old goes only once something new is there.
  if (!error) await expire(host, job, work, run);
  return { result, error };
}

/** The stack does not run, or has nothing yet: no fault of anything. */
const nothingToDo: ReadonlySet<string> = new Set(['service-unreachable', 'not-found']);

async function kept(host: ScheduleHost, name: string, result: ScheduleResult, due: number | null): Promise<void> {
  await changing(host, async (schedule) => {
    const jobs = schedule.jobs.map((one) => {
      if (one.job.name !== name) return one;
      const made: Made[] = result.made === null ? one.made : [...one.made, { id: result.made, at: result.endedAt }];
      return { ...one, made, handled: due === null ? one.handled : Math.max(one.handled, result.startedAt) };
    });
    await writeSchedule(host.file, { jobs, results: [...schedule.results, result] });
  });
}

async function expire(host: ScheduleHost, job: ScheduleJob, work: ScheduledWork, run: Run): Promise<void> {
  try {
    await work.retain?.(host.now() - job.keepDays * day, run);
    if (!work.there || !work.delete) return;
    const there = await work.there();
    const one = found(await readSchedule(host.file), job.name);
    const old = expired(one.made, there, job.keepDays, host.now());
    for (const { id } of old) await work.delete(id, run);
    const gone = new Set(old.map(({ id }) => id));
    await changing(host, async (schedule) => {
      const jobs = schedule.jobs.map((kept) =>
        kept.job.name === job.name ? { ...kept, made: kept.made.filter(({ id }) => there.has(id) && !gone.has(id)) } : kept,
      );
      await writeSchedule(host.file, { ...schedule, jobs });
    });
  } catch (error) {
    run.onEvent({
      type: 'notice',
      level: 'warn',
      message: `Old ones of ${job.name} could not be deleted: ${asNoodleError(error).message}`,
    });
  }
}

const day = 86_400_000;

/** The last change of each file in this process: the next one waits for it. */
const changes = new Map<string, Promise<unknown>>();

/** One change at a time, in this process and among others. */
async function changing<T>(host: ScheduleHost, act: (schedule: KeptSchedule) => Promise<T>): Promise<T> {
  const before = changes.get(host.file) ?? Promise.resolve();
  const mine = before
    .catch(() => {})
    .then(async () => {
      const lock = await fileLock(`${host.file}.change`);
      try {
        return await act(await readSchedule(host.file));
      } finally {
        await lock.release();
      }
    });
  changes.set(host.file, mine);
  return mine;
}

/** Changes take a moment: one by another process is waited for. */
async function fileLock(path: string) {
  for (let tries = 0; ; tries++) {
    try {
      return await takeLock(path, 'a change of the schedule', 'stack-busy');
    } catch (error) {
      if (asNoodleError(error).code !== 'stack-busy' || tries >= 20) throw error;
      await pause(limits.recoveryLook);
    }
  }
}

function entryOf({ job, handled }: KeptJob, results: readonly ScheduleResult[], now: number): ScheduleEntry {
  const next = nextOf(job, settled(handled, now), now);
  return {
    job,
    next: next.state === 'never' ? null : next.state === 'due' ? now : next.at,
    late: next.state === 'due' || (next.state === 'waiting' && next.due < now),
    last: results.findLast((result) => result.job === job.name) ?? null,
  };
}

function found({ jobs }: KeptSchedule, name: string): KeptJob {
  const kept = jobs.find(({ job }) => job.name === name);
  if (kept) return kept;
  throw new NoodleError({
    code: 'not-found',
    what: `There is no job "${name}".`,
    todo: 'See those there are.',
    command: 'noodlebox schedule list',
  });
}
