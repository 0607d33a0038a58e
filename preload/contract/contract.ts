/** The typed API between the core and every window. Implemented by `main/api`, called by `renderer`. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { backupsContract } from './backups.ts';
import { bundlesContract } from './bundles.ts';
import { cacheContract } from './cache.ts';
import { ServiceName, StreamId, stackInput } from './common.ts';
import { documentsContract } from './documents.ts';
import { ServiceKindName } from './kinds.ts';
import { metricsContract } from './metrics.ts';
import {
  DoctorFinding,
  LogLevel,
  LogLine,
  PlannedOperation,
  RuntimeChoice,
  SeedState,
  ServerInfo,
  Settings,
  StackStatus,
  StackSummary,
  StatsPoint,
  TaskEvent,
  TaskSummary,
} from './models.ts';
import { notebookContract } from './notebook.ts';
import { pitrContract } from './pitr.ts';
import { scheduleContract } from './schedule.ts';
import { snapshotsContract } from './snapshots.ts';
import { sqlContract } from './sql.ts';
import { topicsContract } from './topics.ts';
import { lookupContract, traceContract } from './trace.ts';

const Services = z.array(ServiceName).default([]);

export const scaleInput = z.number().positive().max(1000);
export const seedInput = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);

export const contract = oc.router({
  app: {
    info: oc.output(
      z.object({ version: z.string(), node: z.string(), platform: z.string(), home: z.string(), door: z.enum(['electron', 'web', 'cli']) }),
    ),
    settings: {
      get: oc.output(Settings),
      set: oc.input(Settings.partial()).output(Settings),
    },
    doctor: oc.output(z.array(DoctorFinding)),
  },
  streams: {
    grant: oc.input(z.object({ stream: StreamId, credit: z.number().int().min(1).max(1000) })).output(z.void()),
  },
  stack: {
    list: oc.output(z.array(StackSummary)),
    /** Makes a stack known (its folder, ports and credentials); starts nothing. */
    add: oc.input(stackInput.extend({ runtime: RuntimeChoice.default('auto') })).output(StackSummary),
    /** What goes when it is forgotten, in words. @throws conflict while it is more than a name */
    forgettable: oc.input(stackInput).output(z.array(z.string())),
    /** A stack that nothing is left of is none any more. */
    forget: oc.input(stackInput).output(z.void()),
    status: oc.input(stackInput).output(StackStatus),
    /** The status now and after every change, with fresh CPU and memory; at most every 250 ms. */
    watch: oc.input(stackInput.extend({ stream: StreamId })).output(eventIterator(StackStatus)),
    /** CPU and memory kept so far, a series a service. */
    stats: oc.input(stackInput).output(z.record(z.string(), z.array(StatsPoint))),
    plan: oc.input(stackInput.extend({ services: Services })).output(z.array(PlannedOperation)),
    up: oc.input(stackInput.extend({ services: Services, seed: z.boolean().default(true) })).output(TaskSummary),
    /** Stops and removes the containers; with `volumes` their data too, of which a snapshot is taken first unless told not to. */
    down: oc.input(stackInput.extend({ volumes: z.boolean().default(false), snapshot: z.boolean().default(true) })).output(TaskSummary),
    /** Stops services and leaves them there. */
    stop: oc.input(stackInput.extend({ services: Services })).output(TaskSummary),
    restart: oc.input(stackInput.extend({ services: Services })).output(TaskSummary),
    /** Deletes all data, of which a snapshot is taken first unless told not to, then brings the stack up filled anew. */
    reset: oc.input(stackInput.extend({ snapshot: z.boolean().default(true) })).output(TaskSummary),
    /** What a destructive act would delete, in words. */
    losses: oc.input(stackInput.extend({ act: z.enum(['reset', 'down-volumes']) })).output(z.array(z.string())),
    /** One service's connection string with its secret, for the clipboard. */
    connection: oc.input(stackInput.extend({ service: ServiceName })).output(z.object({ url: z.string() })),
  },
  tasks: {
    /** Those running and the last ones that ended, newest first. */
    list: oc.input(stackInput).output(z.array(TaskSummary)),
    /** From the first event, so that a window opened late sees it all; ends with the result. */
    watch: oc.input(z.object({ task: z.string(), stream: StreamId })).output(eventIterator(z.array(TaskEvent))),
    cancel: oc.input(z.object({ task: z.string() })).output(z.void()),
  },
  seeding: {
    state: oc.input(stackInput).output(z.array(SeedState)),
    run: oc.input(stackInput.extend({ scale: scaleInput.default(1), seed: seedInput.default(1) })).output(TaskSummary),
  },
  logs: {
    /** Starts collecting all services' lines, merged by time, into a spool; ends with the iterator. */
    follow: oc.input(stackInput.extend({ stream: StreamId, since: z.number().optional() })).output(
      eventIterator(
        z.object({
          /** Lines collected so far. */ total: z.number(),
          /** Lines that pass the filter. */ matched: z.number(),
          /** Index of the oldest line still kept. */ first: z.number(),
          dropped: z.number(),
          /** False once history has been read and only new lines come. */ reading: z.boolean(),
        }),
      ),
    ),
    /** Sets the filter of an open stream; empty lists let all through. `text` is matched without regard to case. */
    filter: oc
      .input(z.object({ stream: StreamId, services: Services, levels: z.array(LogLevel), text: z.string().max(1000) }))
      .output(z.object({ matched: z.number() })),
    /** Lines of the filtered list by their position in it. */
    page: oc
      .input(z.object({ stream: StreamId, from: z.number().int().min(0), count: z.number().int().min(1).max(500) }))
      .output(z.array(LogLine.extend({ index: z.number() }))),
  },
  servers: {
    list: oc.output(z.array(ServerInfo)),
    install: oc.input(z.object({ kinds: z.array(ServiceKindName) })).output(TaskSummary),
  },

  notebook: notebookContract,
  trace: traceContract,
  lookup: lookupContract,

  sql: sqlContract,
  cache: cacheContract,
  topics: topicsContract,
  documents: documentsContract,
  metrics: metricsContract,
  snapshots: snapshotsContract,
  pitr: pitrContract,
  schedule: scheduleContract,
  backups: backupsContract,
  bundles: bundlesContract,
});
export type Contract = typeof contract;
