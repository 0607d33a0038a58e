/** Snapshots: the data of a whole stack at one moment, kept on the same machine. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { stackInput } from './common.ts';
import { ServiceKindName } from './kinds.ts';
import { RuntimeKind, SeedState, TaskSummary } from './models.ts';

/** The format of manifests that this Noodlebox writes, and the newest that it reads. */
export const snapshotFormat = 1;

/** Why a snapshot was made: somebody asked for it, or something that deletes data was about to run, or it was recovered from a backup. */
export const SnapshotCause = z.enum(['asked', 'before-restore', 'before-reset', 'before-down', 'before-backup-restore', 'recovered']);
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
  /** bytes of them that were copied by reference, and so were shared with the live data then; absent where that is not known. */
  shared: z.number().optional(),
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

/** The ready copy of a hot snapshot. */
export const SnapshotHot = z.object({
  /** `wanted`: it is not made yet, or was used up and is made anew. */
  state: z.enum(['wanted', 'ready']),
  bytes: z.number(),
  /** bytes of them that it shares with the snapshot; null: not known */
  shared: z.number().nullable(),
});
export type SnapshotHot = z.infer<typeof SnapshotHot>;

/** Which server it was that opened data. */
export const SnapshotServer = z.object({
  /** Image or program. */
  image: z.string(),
  /** Its own word; null where it has none. */
  version: z.string().nullable(),
  /** Hash of its definition, ports aside. */
  definition: z.string(),
});
export type SnapshotServer = z.infer<typeof SnapshotServer>;

/** Servers have opened a snapshot's very data, and found in them what they should. */
export const SnapshotRehearsed = z.object({
  /** Of the manifest that told what the data are, file by file. */
  seal: z.string(),
  /** ms since the epoch */
  at: z.number(),
  /** Beside the stack, or when it was restored. */
  how: z.enum(['rehearsal', 'restore']),
  /** By service; those that have a store. */
  servers: z.record(z.string(), SnapshotServer),
});
export type SnapshotRehearsed = z.infer<typeof SnapshotRehearsed>;

/** A folder of snapshots also tells of those that cannot be read: they are never passed over in silence. */
export const SnapshotEntry = z.discriminatedUnion('state', [
  /** @param hot null: it is not hot @param rehearsed null: no server has opened it yet */
  z.object({
    state: z.literal('whole'),
    id: z.string(),
    snapshot: Snapshot,
    hot: SnapshotHot.nullable(),
    rehearsed: SnapshotRehearsed.nullable(),
  }),
  z.object({ state: z.literal('unreadable'), id: z.string(), why: z.string() }),
]);
export type SnapshotEntry = z.infer<typeof SnapshotEntry>;

/** What a restore or a delete will do and lose, in words; what a restore replaces is kept as a snapshot until the next one. */
export const SnapshotOutlook = z.object({
  does: z.array(z.string()),
  loses: z.array(z.string()),
  /** When the servers of now have opened it (ms since the epoch); null: a restore starts them on a copy first. */
  rehearsed: z.number().nullable(),
});
export type SnapshotOutlook = z.infer<typeof SnapshotOutlook>;

/**
 * bytes that deleting a snapshot sets free. What was shared with the live data when it was made is set free only as far as
 * the live data have changed since, which no file system tells without reading all of it. A ready copy goes with it.
 */
export function spaceOf(
  { volumes }: Pick<Snapshot, 'volumes'>,
  hot: SnapshotHot | null = null,
): { readonly least: number; readonly most: number } {
  const copy = hot?.bytes ?? 0;
  const most = volumes.reduce((sum, { bytes }) => sum + bytes, copy);
  const shared = volumes.reduce((sum, volume) => sum + (volume.shared ?? volume.bytes), hot?.shared ?? copy);
  return { least: Math.max(0, most - shared), most };
}

/** Which snapshots go by themselves, one more condition each; null: none of them for this reason. */
export const SnapshotRetention = z.object({
  /** The newest that stay. */
  count: z.number().int().min(1).max(100_000).nullable(),
  /** Days that one stays. */
  days: z.number().positive().max(36_500).nullable(),
  /** bytes that all have together, as if nothing were shared; the newest stay. */
  bytes: z.number().positive().nullable(),
  /** Also those that have a name. */
  named: z.boolean(),
});
export type SnapshotRetention = z.infer<typeof SnapshotRetention>;

/** What the retention says today: these go when the next snapshot has been taken or restored. */
export const RetentionOutlook = z.object({
  retention: SnapshotRetention,
  goes: z.array(z.object({ id: z.string(), why: z.string() })),
});
export type RetentionOutlook = z.infer<typeof RetentionOutlook>;

/** One count of the manifests; null: that store was not counted. */
export const DiffCount = z.object({
  service: z.string(),
  name: z.string(),
  before: z.number().nullable(),
  after: z.number().nullable(),
});
export type DiffCount = z.infer<typeof DiffCount>;

/** One row, key, message, document or point; null on the side where it is not. */
export const DiffEntry = z.object({ key: z.string(), before: z.string().nullable(), after: z.string().nullable() });
export type DiffEntry = z.infer<typeof DiffEntry>;

/** One table, topic, collection … that is not the same. */
export const DiffPart = z.object({
  name: z.string(),
  /** `too-large`: only its size and digest were compared, and they differ. */
  state: z.enum(['same', 'differs', 'too-large']),
  /** Items that it had; null: it was not there. */
  before: z.number().nullable(),
  after: z.number().nullable(),
  added: z.number(),
  removed: z.number(),
  changed: z.number(),
  /** The first of them, by key. */
  listed: z.array(DiffEntry),
});
export type DiffPart = z.infer<typeof DiffPart>;

export const StoreDiff = z.object({
  service: z.string(),
  /** "row", "key", "message", "document", "point" */
  item: z.string(),
  state: z.enum(['same', 'differs', 'not-compared']),
  /** Why it was not compared. */
  why: z.string().nullable(),
  /** What the comparison cannot see. */
  notes: z.array(z.string()),
  parts: z.array(DiffPart),
});
export type StoreDiff = z.infer<typeof StoreDiff>;

export const SnapshotDiff = z.object({
  before: z.string(),
  /** null: now */
  after: z.string().nullable(),
  counts: z.array(DiffCount),
  stores: z.array(StoreDiff),
});
export type SnapshotDiff = z.infer<typeof SnapshotDiff>;

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
        /** Keep a second, ready copy of it. */
        hot: z.boolean().default(false),
      }),
    )
    .output(TaskSummary),
  /** What the act will do and lose. */
  outlook: oc.input(snapshotInput.extend({ act: z.enum(['restore', 'delete', 'branch']) })).output(SnapshotOutlook),
  /** Makes or drops its ready copy. */
  hot: oc.input(snapshotInput.extend({ on: z.boolean() })).output(TaskSummary),
  /** @param rehearse start servers on a copy of it beside the stack first; absent: unless they have opened it before */
  restore: oc.input(snapshotInput.extend({ rehearse: z.boolean().optional() })).output(TaskSummary),
  verify: oc.input(snapshotInput.extend({ rehearse: z.boolean().default(false) })).output(TaskSummary),
  delete: oc.input(snapshotInput).output(TaskSummary),
  /** @param name null: one made of the stack's and the snapshot's */
  branch: oc.input(snapshotInput.extend({ name: z.string().max(63).nullable().default(null) })).output(TaskSummary),
  /** What the manifests say: at once. @param other null: now */
  diffCounts: oc.input(snapshotInput.extend({ other: SnapshotId.nullable() })).output(z.array(DiffCount)),
  /** All of it: a task, whose result `diffResult` gives when it is done. */
  diff: oc.input(snapshotInput.extend({ other: SnapshotId.nullable(), services: z.array(z.string()).default([]) })).output(TaskSummary),
  diffResult: oc.input(stackInput.extend({ task: z.string() })).output(SnapshotDiff.nullable()),
  retention: oc.input(stackInput).output(RetentionOutlook),
  /** What another retention would let go of; nothing is changed. */
  tryRetention: oc.input(stackInput.extend({ retention: SnapshotRetention })).output(RetentionOutlook),
  setRetention: oc.input(stackInput.extend({ retention: SnapshotRetention })).output(RetentionOutlook),
};
