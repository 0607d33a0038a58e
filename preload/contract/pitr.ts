/** Physical backups of a PostgreSQL with the WAL between them, and going back to any moment that they reach. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { stackInput } from './common.ts';
import { TaskSummary } from './models.ts';

export const baseBackupFormat = 1;

/** A position in the WAL, as PostgreSQL writes it: `0/3000060`. */
const Lsn = z.string().regex(/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/);

export const BaseBackupCause = z.enum(['asked', 'schedule', 'after-restore']);
export type BaseBackupCause = z.infer<typeof BaseBackupCause>;

/** One base backup: full, or what has changed since its parent. */
export const BaseBackup = z.object({
  format: z.literal(baseBackupFormat),
  id: z.string(),
  kind: z.enum(['full', 'incremental']),
  /** The backup that an incremental one builds on; null for a full one. */
  parent: z.string().nullable(),
  /** The full backup that its chain begins with: itself for a full one. */
  chain: z.string(),
  /** The stretch of WAL it belongs to (`WalLine.id`). */
  line: z.string(),
  cause: BaseBackupCause,
  /** ms since the epoch, by the server's clock */
  startedAt: z.number(),
  /** From this moment on it can be restored. */
  endedAt: z.number(),
  startLsn: Lsn,
  endLsn: Lsn,
  timeline: z.number().int(),
  /** bytes of the files, without WAL */
  bytes: z.number(),
  /** bytes of the WAL that makes it whole by itself */
  walBytes: z.number(),
  version: z.string(),
  /** The last check, which is made at once; `why` names what was wrong. */
  checked: z.object({ at: z.number(), ok: z.boolean(), why: z.string().nullable() }),
});
export type BaseBackup = z.infer<typeof BaseBackup>;

/** A stretch of WAL without a gap, and of one history. */
export const WalLine = z.object({
  id: z.string(),
  /** pg_control_system().system_identifier */
  system: z.string(),
  timeline: z.number().int(),
  /** bytes of one file of WAL */
  segment: z.number().int(),
  from: Lsn,
  /** All up to here is kept; `at` is the server's clock when that was the newest. */
  until: z.object({ lsn: Lsn, at: z.number() }),
  /** Why nothing is added any more; null while it goes on. */
  ended: z.object({ at: z.number(), why: z.string() }).nullable(),
});
export type WalLine = z.infer<typeof WalLine>;

/** A moment that was given a name (`pg_create_restore_point`). */
export const RestorePoint = z.object({ name: z.string(), line: z.string(), lsn: Lsn, at: z.number() });
export type RestorePoint = z.infer<typeof RestorePoint>;

export const PitrState = z.object({
  service: z.string(),
  /** Newest first. */
  backups: z.array(BaseBackup),
  /** Records that cannot be read: never passed over in silence. */
  unreadable: z.array(z.object({ id: z.string(), why: z.string() })),
  lines: z.array(WalLine),
  points: z.array(RestorePoint),
  /** What can be gone back to, oldest first: ms since the epoch. */
  windows: z.array(z.object({ line: z.string(), from: z.number(), until: z.number() })),
});
export type PitrState = z.infer<typeof PitrState>;

export const RestoreTarget = z.discriminatedUnion('to', [
  /** All that is kept. */
  z.object({ to: z.literal('latest') }),
  /** ms since the epoch: everything committed until then, that moment included. */
  z.object({ to: z.literal('time'), at: z.number() }),
  z.object({ to: z.literal('name'), name: z.string().min(1).max(63) }),
  /** The commit of this transaction included. */
  z.object({ to: z.literal('xid'), xid: z.string().regex(/^\d{1,20}$/) }),
]);
export type RestoreTarget = z.infer<typeof RestoreTarget>;

export const RestorePreview = z.object({
  target: z.string(),
  /** Ids of the backups that are combined, the full one first. */
  chain: z.array(z.string()),
  /** bytes of WAL that are played back */
  wal: z.number(),
  does: z.array(z.string()),
  loses: z.array(z.string()),
});
export type RestorePreview = z.infer<typeof RestorePreview>;

export const BaseBackupKind = z.enum(['auto', 'full', 'incremental']);
export type BaseBackupKind = z.infer<typeof BaseBackupKind>;

const service = z.string().optional();
const pitrInput = stackInput.extend({ service });

export const pitrContract = {
  state: oc.input(pitrInput).output(PitrState),
  backup: oc.input(pitrInput.extend({ kind: BaseBackupKind.default('auto') })).output(TaskSummary),
  collect: oc.input(pitrInput).output(TaskSummary),
  mark: oc.input(pitrInput.extend({ name: z.string().min(1).max(63) })).output(RestorePoint),
  verify: oc.input(pitrInput.extend({ id: z.string() })).output(TaskSummary),
  preview: oc.input(pitrInput.extend({ target: RestoreTarget, branch: z.string().nullable().default(null) })).output(RestorePreview),
  /** In place, or with `branch` into a stack of that name beside this one. */
  restore: oc.input(pitrInput.extend({ target: RestoreTarget, branch: z.string().nullable().default(null) })).output(TaskSummary),
  /** What else goes with it. */
  outlook: oc.input(pitrInput.extend({ id: z.string() })).output(z.object({ loses: z.array(z.string()) })),
  delete: oc.input(pitrInput.extend({ id: z.string() })).output(TaskSummary),
  /** All backups and all WAL. */
  clear: oc.input(pitrInput).output(TaskSummary),
};
