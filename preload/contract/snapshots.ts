/** Snapshots: the data of a whole stack at one moment, kept on the same machine. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { stackInput } from './common.ts';
import { ServiceKindName } from './kinds.ts';
import { RuntimeKind, SeedState, TaskSummary } from './models.ts';

/** The format of manifests that this Noodlebox writes, and the newest that it reads. */
export const snapshotFormat = 1;

/** Why a snapshot was made: somebody asked for it, or something that deletes data was about to run. */
export const SnapshotCause = z.enum(['asked', 'before-restore', 'before-reset', 'before-down', 'before-backup-restore']);
export type SnapshotCause = z.infer<typeof SnapshotCause>;

export const SnapshotService = z.object({
  service: z.string(),
  kind: ServiceKindName.nullable(),
  /** The server's own, where it was known. */
  version: z.string().nullable(),
  image: z.string(),
  /** Hash of its definition. */
  specHash: z.string(),
  /** Whether it ran, and so had to be paused. */
  ran: z.boolean(),
  /** What its store held, counted just before the pause (`countedAt`); null where it did not answer or is no store. */
  store: SeedState.pick({ state: true, migrations: true, scale: true, seed: true, counts: true }).nullable(),
});
export type SnapshotService = z.infer<typeof SnapshotService>;

export const SnapshotVolume = z.object({
  /** Its key in the compose file. */
  key: z.string(),
  /** Its name on the runtime. */
  name: z.string(),
  /** Who mounts it. */
  services: z.array(z.string()),
  files: z.number().int(),
  bytes: z.number(),
});
export type SnapshotVolume = z.infer<typeof SnapshotVolume>;

export const Snapshot = z.object({
  format: z.literal(snapshotFormat),
  id: z.string(),
  name: z.string().nullable(),
  note: z.string().nullable(),
  cause: SnapshotCause,
  /** For `before-restore`: the snapshot that was restored. */
  of: z.string().nullable(),
  stack: z.string(),
  runtime: RuntimeKind,
  /** ms since the epoch: the moment that it holds. */
  createdAt: z.number(),
  /** When the stores were counted, just before: what was written between is in the snapshot and not in the counts. Null when none was. */
  countedAt: z.number().nullable(),
  /** ms that the services stood still; null when none ran. */
  pause: z.number().nullable(),
  /** ms of copying */
  copying: z.number(),
  /** sha256 (hex) of the definition of all services. */
  definition: z.string(),
  services: z.array(SnapshotService),
  volumes: z.array(SnapshotVolume),
  /** sha256 (hex) of the list of all files with their sizes and hashes. */
  files: z.string(),
  /** sha256 (hex) of all of the above: the manifest itself may be damaged too. */
  seal: z.string(),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** A folder of snapshots also tells of those that cannot be read: they are never passed over in silence. */
export const SnapshotEntry = z.discriminatedUnion('state', [
  z.object({ state: z.literal('whole'), id: z.string(), snapshot: Snapshot }),
  z.object({ state: z.literal('unreadable'), id: z.string(), why: z.string() }),
]);
export type SnapshotEntry = z.infer<typeof SnapshotEntry>;

/** What a restore or a delete will do and lose, in words; what a restore replaces is kept as a snapshot until the next one. */
export const SnapshotOutlook = z.object({ does: z.array(z.string()), loses: z.array(z.string()) });
export type SnapshotOutlook = z.infer<typeof SnapshotOutlook>;

export const snapshotNameLength = 80;
export const snapshotNoteLength = 2_000;

const SnapshotId = z.string().min(1).max(100);
const snapshotInput = stackInput.extend({ id: SnapshotId });

export const snapshotsContract = {
  list: oc.input(stackInput).output(z.array(SnapshotEntry)),
  create: oc
    .input(
      stackInput.extend({
        name: z.string().max(snapshotNameLength).nullable().default(null),
        note: z.string().max(snapshotNoteLength).nullable().default(null),
      }),
    )
    .output(TaskSummary),
  /** What the act will do and lose. */
  outlook: oc.input(snapshotInput.extend({ act: z.enum(['restore', 'delete']) })).output(SnapshotOutlook),
  restore: oc.input(snapshotInput).output(TaskSummary),
  verify: oc.input(snapshotInput).output(TaskSummary),
  delete: oc.input(snapshotInput).output(TaskSummary),
};
