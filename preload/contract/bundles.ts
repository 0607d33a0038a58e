/** Repro bundles: the moment a bug happened, as one file to share. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { StackName, stackInput } from './common.ts';
import { ServiceKindName } from './kinds.ts';
import { RuntimeChoice, RuntimeKind, SeedState, TaskSummary } from './models.ts';
import { PullServers } from './pull.ts';

/** The format of what a bundle tells of itself, and the newest that this Noodlebox reads. */
export const bundleFormat = 1;

export const MaskedField = z.object({
  service: z.string(),
  /** Table, key pattern, topic, collection or measurement. */
  place: z.string(),
  field: z.string(),
  mask: z.enum(['keep', 'email', 'name', 'phone', 'password', 'text', 'id', 'null', 'constant']),
  values: z.number().int(),
});
export type MaskedField = z.infer<typeof MaskedField>;

/** A field that looks personal, and of which nothing was masked. */
export const PersonalField = z.object({
  service: z.string(),
  place: z.string(),
  field: z.string(),
  /** "an e-mail address" */
  like: z.string(),
  by: z.enum(['name', 'content']),
  /** How many of those looked at. */
  found: z.number().int(),
  looked: z.number().int(),
});
export type PersonalField = z.infer<typeof PersonalField>;

export const BundleService = z.object({
  service: z.string(),
  kind: ServiceKindName,
  /** The server's own. */
  version: z.string(),
  /** The image of its definition; null where it was pulled from another server. */
  image: z.string().nullable(),
  /** Migrations as they were applied; null where the source has no ledger of ours. */
  migrations: SeedState.shape.migrations.nullable(),
  counts: z.array(z.object({ name: z.string(), rows: z.number().int() })),
  /** Bytes of its parts, unpacked. */
  bytes: z.number().int(),
  parts: z.number().int(),
});
export type BundleService = z.infer<typeof BundleService>;

/** What a bundle tells of itself: its first part. */
export const BundleAbout = z.object({
  format: z.literal(bundleFormat),
  /** ms since the epoch */
  createdAt: z.number(),
  /** The stack that it was taken of; null: pulled from other servers. */
  stack: z.string().nullable(),
  runtime: RuntimeKind.nullable(),
  note: z.string().nullable(),
  /** The compose file of the stack's own, shown and never run; null: Noodlebox's. */
  compose: z.string().nullable(),
  scope: z.discriminatedUnion('what', [
    z.object({ what: z.literal('everything') }),
    z.object({
      what: z.literal('reached'),
      ids: z.array(z.string()),
      /** Ids that the stores without references were asked for. */
      reached: z.number().int(),
    }),
  ]),
  services: z.array(BundleService),
  /** Where limits cut something off. */
  cuts: z.array(z.string()),
  notices: z.array(z.string()),
  /** False: asked to leave all as it is. */
  masked: z.boolean(),
  report: z.object({ masked: z.array(MaskedField), personal: z.array(PersonalField) }),
});
export type BundleAbout = z.infer<typeof BundleAbout>;

/** What anybody may know of a file. */
export const BundleFile = z.object({
  /** bytes of the file */
  bytes: z.number().int(),
  encryption: z.enum(['none', 'passphrase', 'recipients']),
  createdAt: z.number(),
  /** null: it takes a key to see. */
  about: BundleAbout.nullable(),
});
export type BundleFile = z.infer<typeof BundleFile>;

export const BundleRequest = z.object({
  /** Ids, or `table:id`; null: everything. */
  ids: z.array(z.string().min(1).max(500)).min(1).max(1_000).nullable(),
  /** Rules in YAML; null: those that come with Noodlebox. */
  rules: z.string().max(1_000_000).nullable().default(null),
  /** False leaves everything as it is, people's names too. */
  mask: z.boolean().default(true),
  note: z.string().max(2_000).nullable().default(null),
});
export type BundleRequest = z.infer<typeof BundleRequest>;

/** How a bundle is locked. */
export const BundleLock = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('passphrase'), passphrase: z.string().min(1).max(1_000) }),
  z.object({ kind: z.literal('recipients'), recipients: z.array(z.string().max(2_000)).min(1).max(100) }),
]);
export type BundleLock = z.infer<typeof BundleLock>;

const fileInput = z.object({
  /** A file that the window has sent (`/files`). */
  file: z.string(),
  passphrase: z.string().max(1_000).nullable().default(null),
  /** Secret keys of age. */
  identities: z.array(z.string().max(2_000)).max(20).default([]),
});

/** What a compose file says; null: Noodlebox's own. */
const compose = z.string().min(1).max(1_000_000).nullable().default(null);

/** What `plan` has gathered. */
const planInput = z.object({ plan: z.string() });

export const bundlesContract = {
  /** Gathers what a bundle would hold; no file is written. The answer is `preview` once the task is done. */
  plan: oc.input(stackInput.extend(BundleRequest.shape)).output(z.object({ task: TaskSummary, plan: z.string() })),
  /** The same of other servers, which are only read. The work is shown with the tasks of `stack`, the one at hand, which is not touched. */
  pull: oc
    .input(stackInput.extend({ ...BundleRequest.shape, servers: PullServers }))
    .output(z.object({ task: TaskSummary, plan: z.string() })),
  /** @throws not-found while the task has not ended well, an hour after, and once it is forgotten */
  preview: oc.input(planInput).output(BundleAbout),
  /** Writes what was gathered, as it was seen, onto the shelf: `/files/<file>` once the task is done. It may be written again. */
  export: oc.input(planInput.extend({ lock: BundleLock })).output(z.object({ task: TaskSummary, file: z.string() })),
  /** Lets go of what was gathered: it lies on the disk until then. */
  forget: oc.input(planInput).output(z.void()),
  inspect: oc.input(fileInput).output(BundleFile),
  /** Makes the stack `name` from it, of Noodlebox's own services or of a compose file. The work is shown with the tasks of `stack`, the one at hand, which is not touched. */
  import: oc
    .input(stackInput.extend({ ...fileInput.shape, name: StackName, runtime: RuntimeChoice.default('auto'), compose }))
    .output(TaskSummary),
};
