/** The schedule of one stack on disk: its jobs, what of them is handled, and how they went. */
import { z } from 'zod';
import { ScheduleJob, ScheduleResult } from '../../../preload/contract/schedule.ts';
import { NoodleError } from '../../errors.ts';
import { readJson, writeFileAtomic } from '../../home/files.ts';
import { limits } from '../../limits.ts';

const KeptJob = z.object({
  job: ScheduleJob,
  /** ms since the epoch: all times up to then are done with. */
  handled: z.number(),
  /** What it made and what its retention looks after. */
  made: z.array(z.object({ id: z.string(), at: z.number() })),
});
export type KeptJob = z.infer<typeof KeptJob>;

const KeptSchedule = z.object({ format: z.literal(1), jobs: z.array(KeptJob), results: z.array(ScheduleResult) });

export interface KeptSchedule {
  readonly jobs: readonly KeptJob[];
  /** Oldest first. */
  readonly results: readonly ScheduleResult[];
}

/** @throws NoodleError file-unreadable */
export async function readSchedule(file: string): Promise<KeptSchedule> {
  const read = await readJson(file, (value) => KeptSchedule.parse(value));
  if (read.state === 'missing') return { jobs: [], results: [] };
  if (read.state === 'read') return read.value;
  throw new NoodleError({
    code: 'file-unreadable',
    what: `${file} cannot be understood, so nothing is done by schedule.`,
    why: read.why,
    todo: 'Mend it, or move it away and set the jobs anew.',
  });
}

export async function writeSchedule(file: string, { jobs, results }: KeptSchedule): Promise<void> {
  const kept = KeptSchedule.parse({ format: 1, jobs, results: results.slice(-limits.scheduleResults) });
  await writeFileAtomic(file, `${JSON.stringify(kept, null, 2)}\n`, 0o600);
}
