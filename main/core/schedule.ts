/** The schedule (`main/backup/schedule`) put together with the stack it is of, and followed while an app shows the stack. */

import { existsSync } from 'node:fs';
import type { ScheduleJob } from '../../preload/contract/schedule.ts';
import type { ScheduledWork, ScheduleHost } from '../backup/schedule/schedule.ts';
import { asNoodleError, NoodleError } from '../errors.ts';
import type { StackContext } from './context.ts';
import type { BackupActs, PitrActs, RunOptions, ScheduleActs, SnapshotActs } from './core.ts';

/** What jobs act on. */
interface Acts {
  readonly snapshots: SnapshotActs;
  readonly backups: BackupActs;
  /** @throws NoodleError unknown-service where there is not just one */
  pitr(): PitrActs;
}

export class StackSchedule {
  readonly acts: ScheduleActs;
  readonly #host: ScheduleHost;
  readonly #stop = new AbortController();
  #following: Promise<void> | undefined;

  constructor(context: StackContext, acts: Acts, now: () => number = Date.now) {
    const host: ScheduleHost = {
      stack: context.name,
      file: context.core.paths.schedule(context.name),
      work: async (job) => workOf(job, acts),
      async hasWork() {
        const { paths } = context.core;
        return existsSync(paths.schedule(context.name)) || existsSync(paths.pitr(context.name));
      },
      collect: (run) => collectWal(acts, run),
      now,
    };
    this.#host = host;
    this.acts = {
      list: async () => (await schedule()).list(host),
      set: async (job) => (await schedule()).set(host, job),
      remove: async (name) => (await schedule()).remove(host, name),
      run: async (name, run) => (await schedule()).runNow(host, name, run),
      runDue: async (run) => (await schedule()).runDue(host, run),
    };
  }

  /** Begins, once. It needs no end: `close` gives it. @param told what went wrong apart from the jobs themselves */
  begin(told: (message: string) => void = () => {}): void {
    this.#following ??= schedule().then(({ follow }) => follow(this.#host, this.#stop.signal, told));
  }

  /** A job that runs is cancelled, leaves nothing half done, and is caught up the next time. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#following;
  }
}

/** Loaded when needed. */
const schedule = () => import('../backup/schedule/schedule.ts');

/** Of a dump whose key is not on this machine, which is why there is one. */
const untried = 'not checked by a trial restore: its key is not here';

function workOf({ act, recipients }: ScheduleJob, { snapshots, backups, pitr }: Acts): ScheduledWork {
  const unnamed = { name: null, note: 'by schedule' };
  switch (act) {
    case 'snapshot':
      return {
        act: async (run) => ({ made: (await snapshots.create(unnamed, run)).id }),
        there: async () => {
          const entries = await snapshots.list();
          return new Map(
            entries.flatMap((entry) =>
              entry.state === 'whole' ? [[entry.id, entry.snapshot.volumes.map(({ key }) => key)] as const] : [],
            ),
          );
        },
        delete: (id, run) => snapshots.delete(id, run),
      };
    case 'dump':
      return {
        act: async (run) => {
          const encryption = recipients.length > 0 ? ({ kind: 'recipients', recipients } as const) : ({ kind: 'none' } as const);
          return { made: (await backups.create({ ...unnamed, services: [], encryption }, run)).id };
        },
        // One that a check found wrong is none that the others could go for.
        there: async () => {
          const entries = await backups.list();
          return new Map(
            entries.flatMap((entry) => {
              if (entry.state !== 'whole' || entry.backup.checks[0]?.ok === false) return [];
              return [[entry.id, entry.backup.services.map(({ service }) => service)] as const];
            }),
          );
        },
        delete: (id, run) => backups.delete(id, run),
      };
    case 'check-dump':
      return {
        async act(run) {
          const whole = (await backups.list()).flatMap((entry) => (entry.state === 'whole' ? [entry.backup] : []));
          const [newest] = whole;
          if (!newest) throw new NoodleError({ code: 'not-found', what: 'There is no dump to check.' });
          const open = whole.find(({ encryption }) => encryption === 'none');
          if (open) await backups.verify(open.id, { how: 'restored', keys: {} }, run);
          if (newest === open) return { made: null };
          // What is encrypted cannot be opened here: only whether it is still what was written can be told.
          await backups.verify(newest.id, { how: 'sealed', keys: {} }, run);
          return { made: null, note: `${untried} (${newest.id})` };
        },
      };
    case 'base':
    case 'base-full':
      return {
        act: async (run) => ({ made: (await pitr().backup(act === 'base' ? 'auto' : 'full', 'schedule', run)).id }),
        retain: async (before, run) => void (await pitr().retain(before, run)),
      };
    case 'check-base':
      return {
        async act(run) {
          await pitr().prove(run);
          return { made: null };
        },
      };
  }
}

/** A stack without a PostgreSQL, with several, or with one that does not run has nothing to collect. */
async function collectWal({ pitr }: Acts, run: RunOptions): Promise<void> {
  try {
    await pitr().collect(run);
  } catch (error) {
    if (!['service-unreachable', 'unknown-service', 'wrong-password'].includes(asNoodleError(error).code)) throw error;
  }
}
