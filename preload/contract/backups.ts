/** Backups: what the stores hold, in one file that any stack of the same kinds can take. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { stackInput } from './common.ts';
import { ServiceKindName } from './kinds.ts';
import { RuntimeKind, TaskSummary } from './models.ts';
import { snapshotNameLength, snapshotNoteLength } from './snapshots.ts';

export const BackupEncryption = z.enum(['none', 'passphrase', 'recipients']);
export type BackupEncryption = z.infer<typeof BackupEncryption>;

export const BackupCount = z.object({
  /** A table, keys of a database, a collection, a bucket, a topic. */
  name: z.string(),
  count: z.number(),
  /** Equal content has equal checksums; null where it is compared in another way. */
  checksum: z.string().nullable(),
  /** Fewer of them later is no loss: they expire. */
  fleeting: z.boolean().optional(),
});
export type BackupCount = z.infer<typeof BackupCount>;

export const BackupService = z.object({
  service: z.string(),
  kind: ServiceKindName,
  /** The server's own. */
  version: z.string(),
});
export type BackupService = z.infer<typeof BackupService>;

export const BackupStore = BackupService.extend({
  counts: z.array(BackupCount),
  /** What could not be kept, in words. */
  notes: z.array(z.string()),
});
export type BackupStore = z.infer<typeof BackupStore>;

/** What anyone who has the file can read of it. */
export const BackupOutside = z.object({
  id: z.string(),
  stack: z.string(),
  runtime: RuntimeKind,
  name: z.string().nullable(),
  note: z.string().nullable(),
  services: z.array(BackupService),
});
export type BackupOutside = z.infer<typeof BackupOutside>;

export const BackupCheck = z.object({
  /** ms since the epoch: when it ended */
  at: z.number(),
  /**
   * `read`: all of the file was read and compared with its hashes. `restored`: it was restored into a stack of its own, and compared with that.
   * `sealed`: its bytes are those that were written; it was not opened, which takes a key that is not here.
   */
  how: z.enum(['read', 'restored', 'sealed']),
  ok: z.boolean(),
  /** ms */
  took: z.number(),
  /** What was wrong, in words. */
  differences: z.array(z.string()),
});
export type BackupCheck = z.infer<typeof BackupCheck>;

export const Backup = BackupOutside.extend({
  file: z.string(),
  /** ms since the epoch */
  createdAt: z.number(),
  /** of the file */
  bytes: z.number(),
  /** of what is in it */
  unpacked: z.number(),
  encryption: BackupEncryption,
  /** What it holds; null where this machine did not make it and has not read it yet. */
  stores: z.array(BackupStore).nullable(),
  /** Newest first. */
  checks: z.array(BackupCheck),
});
export type Backup = z.infer<typeof Backup>;

/** A folder of backups also tells of those that cannot be read. */
export const BackupEntry = z.discriminatedUnion('state', [
  z.object({ state: z.literal('whole'), id: z.string(), backup: Backup }),
  z.object({ state: z.literal('unreadable'), id: z.string(), file: z.string(), why: z.string() }),
]);
export type BackupEntry = z.infer<typeof BackupEntry>;

/** What an act will do and lose, in words. */
export const BackupOutlook = z.object({ does: z.array(z.string()), loses: z.array(z.string()) });
export type BackupOutlook = z.infer<typeof BackupOutlook>;

/** An id, the beginning of one, or a name; never the path of a file: a window sees the stack's own backups only. */
const BackupId = z
  .string()
  .min(1)
  .max(100)
  .refine((id) => !/[/\\]|\.noodle$/.test(id), 'no path');
const backupInput = stackInput.extend({ id: BackupId });
/** What it can be opened with. */
const keys = {
  passphrase: z.string().max(1_000).optional(),
  /** Secret keys of age. */
  identities: z.array(z.string().max(4_096)).max(100).optional(),
};
/** Empty: all that it has. */
const services = z.array(z.string()).max(100).default([]);

export const backupsContract = {
  /** Newest first. */
  list: oc.input(stackInput).output(z.array(BackupEntry)),
  create: oc
    .input(
      stackInput.extend({
        name: z.string().max(snapshotNameLength).nullable().default(null),
        note: z.string().max(snapshotNoteLength).nullable().default(null),
        services,
        encryption: z
          .discriminatedUnion('kind', [
            z.object({ kind: z.literal('none') }),
            z.object({ kind: z.literal('passphrase'), passphrase: z.string().min(1).max(1_000) }),
            z.object({ kind: z.literal('recipients'), recipients: z.array(z.string().max(4_096)).min(1).max(100) }),
          ])
          .default({ kind: 'none' }),
      }),
    )
    .output(TaskSummary),
  outlook: oc.input(backupInput.extend({ act: z.enum(['restore', 'delete']), services })).output(BackupOutlook),
  restore: oc.input(backupInput.extend({ services, snapshot: z.boolean().default(true), ...keys })).output(TaskSummary),
  /** The result is among the backup's checks. */
  verify: oc.input(backupInput.extend({ how: BackupCheck.shape.how, ...keys })).output(TaskSummary),
  delete: oc.input(backupInput).output(TaskSummary),
};
