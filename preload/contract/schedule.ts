/** What a stack does by itself while an app shows it: snapshots, dumps and physical backups at their times. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { stackInput } from './common.ts';
import { ProblemData, TaskSummary } from './models.ts';

export const scheduledActs = [
  /** The data of the whole stack, on this machine. */
  'snapshot',
  /** A portable file of all stores. */
  'dump',
  /** The newest such file, restored beside and compared. */
  'check-dump',
  /** What has changed in PostgreSQL since the last backup; all of it where there is none. */
  'base',
  /** All of PostgreSQL. */
  'base-full',
  /** The newest moment of PostgreSQL that is kept, recovered beside. */
  'check-base',
] as const;
export const ScheduledAct = z.enum(scheduledActs);
export type ScheduledAct = z.infer<typeof ScheduledAct>;

/** Hours of a day, `HH:MM` by the clock of the job's zone; `from` after `to` goes over midnight. */
const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is HH:MM');
export const QuietHours = z.object({ from: Clock, to: Clock });
export type QuietHours = z.infer<typeof QuietHours>;

export const ScheduleJob = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a name is made of lower-case letters, digits and -'),
  act: ScheduledAct,
  /** Minute, hour, day of the month, month, day of the week. */
  cron: z.string().max(100),
  /** IANA, such as Europe/Berlin. */
  zone: z.string().max(64),
  /** Nothing begins in these: it waits for their end. */
  quiet: QuietHours.nullable(),
  /** What is older goes, but never the last good one. */
  keepDays: z.number().int().min(1).max(3_650),
  /** Public keys of age that its dumps are encrypted to; empty: they are not. No secret is kept. */
  recipients: z.array(z.string().max(4_096)).max(20).default([]),
});
export type ScheduleJob = z.infer<typeof ScheduleJob>;

export const ScheduleResult = z.object({
  job: z.string(),
  act: ScheduledAct,
  /** ms since the epoch: when it was to run; null when somebody ran it by hand. */
  due: z.number().nullable(),
  startedAt: z.number(),
  endedAt: z.number(),
  /** `skipped`: there was nothing to do it with, as with a stack that does not run. */
  outcome: z.enum(['done', 'failed', 'skipped']),
  /** The id of what was made. */
  made: z.string().nullable(),
  /** What is to be known although all went well. */
  note: z.string().nullable().default(null),
  problem: ProblemData.nullable(),
});
export type ScheduleResult = z.infer<typeof ScheduleResult>;

export const ScheduleEntry = z.object({
  job: ScheduleJob,
  /** When it runs next, while an app is there; null: never, as with the 30th of February. */
  next: z.number().nullable(),
  /** Whether that was due already and is caught up. */
  late: z.boolean(),
  last: ScheduleResult.nullable(),
});
export type ScheduleEntry = z.infer<typeof ScheduleEntry>;

export const Schedule = z.object({
  entries: z.array(ScheduleEntry),
  /** Newest first. */
  results: z.array(ScheduleResult),
});
export type Schedule = z.infer<typeof Schedule>;

export const scheduleContract = {
  list: oc.input(stackInput).output(Schedule),
  /** A job of the same name is replaced. */
  set: oc.input(stackInput.extend({ job: ScheduleJob })).output(ScheduleEntry),
  remove: oc.input(stackInput.extend({ name: z.string() })),
  run: oc.input(stackInput.extend({ name: z.string() })).output(TaskSummary),
};
