/** What every door can ask for. The CLI calls it directly; the windows reach it through `main/api`. */

import type { BundleAbout, BundleFile, BundleLock, BundleRequest } from '../../preload/contract/bundles.ts';
import type {
  Backup,
  BackupCheck,
  BackupEntry,
  BackupOutlook,
  DiffCount,
  DoctorFinding,
  FoundName,
  LogLevel,
  LogLine,
  PlannedOperation,
  RetentionOutlook,
  RuntimeChoice,
  SeedState,
  ServerInfo,
  ServiceKindName,
  Settings,
  Snapshot,
  SnapshotDiff,
  SnapshotEntry,
  SnapshotOutlook,
  SnapshotRetention,
  StackStatus,
  StackSummary,
  StatsPoint,
  StoreTrace,
  TaskEvent,
  TaskKind,
  TaskSummary,
} from '../../preload/contract/index.ts';
import type {
  BaseBackup,
  BaseBackupCause,
  BaseBackupKind,
  PitrState,
  RestorePoint,
  RestorePreview,
  RestoreTarget,
} from '../../preload/contract/pitr.ts';
import type { PullServer } from '../../preload/contract/pull.ts';
import type { Schedule, ScheduleEntry, ScheduleJob, ScheduleResult } from '../../preload/contract/schedule.ts';
import type { Keys } from '../backup/archive/encryption.ts';
import type { BackupRequest } from '../backup/dumps/create.ts';
import type { RestoreRequest } from '../backup/dumps/restore.ts';
import type { VerifyRequest } from '../backup/dumps/verify.ts';
import type { Branch } from '../backup/snapshots/branch.ts';
import type { DiffRequest } from '../backup/snapshots/diff/diff.ts';
import type { Rehearsal } from '../backup/snapshots/restore.ts';
import type { Notebook } from '../home/notebook.ts';
import type { Shelf } from '../home/shelf.ts';
import type { Connection } from '../services/kind.ts';
import type { SessionOf } from '../services/registry.ts';

export interface Core {
  /** The data home's folder. */
  readonly home: string;
  /** Files on their way between the core and a window. */
  readonly shelf: Shelf;
  settings(): Promise<Settings>;
  saveSettings(change: Partial<Settings>): Promise<Settings>;
  doctor(signal?: AbortSignal): Promise<readonly DoctorFinding[]>;

  /** Known stacks and those found on the runtimes that answer. */
  stacks(): Promise<readonly StackSummary[]>;
  /** One stack, opened: its definition read, its runtime chosen. @throws NoodleError unknown-stack, no-engine, definition-* */
  open(options: OpenOptions): Promise<Stack>;

  /** Makes a stack known without starting anything. */
  add(options: { readonly stack: string; readonly runtime: RuntimeChoice }): Promise<StackSummary>;

  /** What goes when a stack of which nothing is left is forgotten. @throws NoodleError unknown-stack, conflict, no-engine */
  forgettable(stack: string): Promise<readonly string[]>;
  /** @throws NoodleError as `forgettable`, stack-busy */
  forget(stack: string): Promise<void>;

  readonly bundles: BundleActs;

  servers(): Promise<readonly ServerInfo[]>;
  installServers(kinds: readonly ServiceKindName[], run: RunOptions): Promise<void>;

  close(): Promise<void>;
}

export interface OpenOptions {
  readonly stack: string;
  readonly runtime?: RuntimeChoice;
  /** A compose file of the user's own; default: the one the stack was added with, else Noodlebox's. */
  readonly file?: string;
  /** Make the stack known when it is not. Default true. */
  readonly create?: boolean;
}

/** How a long act tells and is cancelled. The promise ends with the act; an error is thrown, not told as an event. */
export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: TaskEvent) => void;
}

export interface Stack {
  readonly name: string;
  status(signal?: AbortSignal, options?: StatusOptions): Promise<StackStatus>;
  /** The status now and after every change. */
  watch(signal: AbortSignal): AsyncIterable<StackStatus>;
  stats(): Readonly<Record<string, readonly StatsPoint[]>>;
  /** Begins to keep what the servers tell of themselves, in a bucket of the stack's own InfluxDB, until the core closes. */
  monitor(): void;
  /** What `up` would do, touching nothing. @throws NoodleError unknown-service, port-taken */
  plan(services: readonly string[], options: { readonly seed: boolean }): Promise<readonly PlannedOperation[]>;
  up(services: readonly string[], options: UpOptions, run: RunOptions): Promise<void>;
  /** @param options.snapshot with `volumes`: take a snapshot of the data first */
  down(options: { readonly volumes: boolean; readonly snapshot: boolean }, run: RunOptions): Promise<void>;
  stop(services: readonly string[], run: RunOptions): Promise<void>;
  restart(services: readonly string[], run: RunOptions): Promise<void>;
  /** @param options.snapshot take a snapshot of the data first */
  reset(options: { readonly snapshot: boolean }, run: RunOptions): Promise<void>;
  /** Of the service asked for, else of the only PostgreSQL. @throws NoodleError unknown-service, bad-argument */
  pitr(service?: string): PitrActs;
  readonly snapshots: SnapshotActs;
  readonly backups: BackupActs;
  readonly schedule: ScheduleActs;
  /** Reads what a bundle of it would hold. @throws NoodleError bad-argument (rules), not-found, too-large, service-unreachable */
  bundle(request: BundleWanted, run: RunOptions): Promise<Bundle>;
  /**
   * Finishes or takes back what a killed snapshot or restore left; opening a stack and every act that changes it do so first.
   * @returns what was done, in words; undefined when there was nothing, or another process is at work
   */
  recover(): Promise<string | undefined>;
  seed(options: SeedOptions, run: RunOptions): Promise<void>;
  seedState(signal?: AbortSignal): Promise<readonly SeedState[]>;
  /** What a destructive act would delete, in words: volumes, rows, keys, messages. */
  losses(act: 'reset' | 'down-volumes'): Promise<readonly string[]>;
  /** Variables for an application, secrets included, by customary names. */
  environment(): Promise<Readonly<Record<string, string>>>;
  /** Variables for compose: what the .env beside the compose file holds. */
  composeEnvironment(): Promise<Readonly<Record<string, string>>>;
  /** How a running service is reached, secrets included. @throws NoodleError unknown-service, service-unreachable */
  connection(service: string): Promise<Connection>;
  /** What panels and the CLI ask a running service through. @throws NoodleError unknown-service, bad-argument, service-unreachable */
  session<Kind extends ServiceKindName>(kind: Kind, service: string): Promise<SessionOf<Kind>>;
  /** The name of the service of that kind: the one asked for, else the only one. @throws NoodleError unknown-service, bad-argument */
  serviceOfKind(kind: ServiceKindName, asked?: string): string;
  /** Histories and saved things of this stack. @throws NoodleError file-unreadable */
  notebook(): Promise<Notebook>;
  /** Everything that carries an id, a store at a time. */
  trace(id: string, signal: AbortSignal): Promise<StoreTrace[]>;
  /** An id that the generated data have in all stores; null where none were loaded. */
  exampleId(): Promise<{ what: string; id: string } | null>;
  /** Names of all stores that contain a text. */
  names(text: string, signal: AbortSignal): Promise<FoundName[]>;
  /** All chosen services' lines merged by time; oldest first. */
  logs(options: StackLogOptions): AsyncIterable<readonly LogLine[]>;
  /** A spool of the merged lines that a window pages through. The caller closes it. */
  logSession(since: number | undefined): LogSession;
  /** Closes what was opened for panels. */
  close(): Promise<void>;
}

/** What a stack does by itself; while a window shows it, or when it is asked to. */
export interface ScheduleActs {
  list(): Promise<Schedule>;
  /** @throws NoodleError bad-argument, conflict */
  set(job: ScheduleJob): Promise<ScheduleEntry>;
  /** What the job has made stays. @throws NoodleError not-found */
  remove(name: string): Promise<void>;
  /** Now, whatever its times. @throws NoodleError not-found, and as its work does */
  run(name: string, run: RunOptions): Promise<ScheduleResult>;
  /** All that are due, one after another. */
  runDue(run: RunOptions): Promise<readonly ScheduleResult[]>;
}

/** Physical backups of one PostgreSQL and the way back to any moment between them. */
export interface PitrActs {
  readonly service: string;
  state(): Promise<PitrState>;
  /** @throws NoodleError tool-missing, not-supported-by-server, service-unreachable, disk-full */
  backup(kind: BaseBackupKind, cause: BaseBackupCause, run: RunOptions): Promise<BaseBackup>;
  /** Collects the WAL written since; nothing before the first backup. */
  collect(run: RunOptions): Promise<void>;
  /** Gives this moment a name. @throws NoodleError conflict, not-found */
  mark(name: string, run: RunOptions): Promise<RestorePoint>;
  /** @throws NoodleError backup-damaged */
  verify(id: string, run: RunOptions): Promise<void>;
  /** What a restore will do and lose. @throws NoodleError not-found when the moment is not within what is kept */
  preview(target: RestoreTarget, branch: string | null, run: RunOptions): Promise<RestorePreview>;
  /** In place. @returns the snapshot of the data that were there @throws NoodleError not-found, backup-damaged, wal-gap: the stack is then as it was */
  restore(target: RestoreTarget, run: RunOptions): Promise<Snapshot | undefined>;
  /** As a second stack beside. @param name null: one made of the stack's */
  branch(target: RestoreTarget, name: string | null, run: RunOptions): Promise<Branch>;
  /** Recovers the newest moment beside, asks the server whether it opens, and clears all away again. */
  prove(run: RunOptions): Promise<void>;
  /** What goes with a backup that is deleted, in words. */
  deletes(id: string): Promise<readonly string[]>;
  delete(id: string, run: RunOptions): Promise<void>;
  /** Deletes all backups and WAL; the server keeps none for us any more. */
  clear(run: RunOptions): Promise<void>;
  /** Deletes whole chains that are older than a moment (ms since the epoch), never the last good one. @returns ids */
  retain(before: number, run: RunOptions): Promise<readonly string[]>;
}

/** Snapshots of a whole stack. One is named by its id, the beginning of it, or its name. */
export interface SnapshotActs {
  /** Newest first. */
  list(): Promise<readonly SnapshotEntry[]>;
  /** @throws NoodleError not-found, bad-argument, snapshot-damaged */
  show(asked: string): Promise<Snapshot>;
  /** What an act will do and lose. */
  outlook(asked: string, act: 'restore' | 'delete' | 'branch'): Promise<SnapshotOutlook>;
  create(
    request: { readonly name: string | null; readonly note: string | null; readonly hot?: boolean },
    run: RunOptions,
  ): Promise<Snapshot>;
  /** @returns the snapshot of what was there before; undefined when there was nothing, or when `renew` has to write it down */
  restore(asked: string, run: RunOptions, options?: Rehearsal): Promise<Snapshot | undefined>;
  /** @param options whether its servers are started on a copy, too @throws NoodleError snapshot-damaged, naming the damaged parts */
  verify(asked: string, run: RunOptions, options?: { readonly rehearse?: boolean }): Promise<void>;
  delete(asked: string, run: RunOptions): Promise<void>;
  /** Keeps a second, ready copy of it, or no more. @throws NoodleError not-supported-by-server, stack-busy */
  hot(asked: string, on: boolean, run: RunOptions): Promise<void>;
  /** What is left after a restore from a ready copy: the data before are written down, and the copy is made anew. */
  renew(run: RunOptions): Promise<void>;
  /** Opens it as a second stack beside this one. @param name null: one that tells where it is from @throws NoodleError conflict, snapshot-damaged */
  branch(asked: string, name: string | null, run: RunOptions): Promise<Branch>;
  /** What the manifests say of two states. */
  diffCounts(request: DiffRequest, signal: AbortSignal): Promise<readonly DiffCount[]>;
  /** What changed between two snapshots, or one and now. A snapshot is opened beside the stack for it, and cleared away again. */
  diff(request: DiffRequest, run: RunOptions): Promise<SnapshotDiff>;
  /** What goes by itself; with another retention: what would. @throws NoodleError file-unreadable */
  retention(asked?: SnapshotRetention): Promise<RetentionOutlook>;
  setRetention(retention: SnapshotRetention): Promise<RetentionOutlook>;
}

/** Backups of stores. One is named by its id, the beginning of it, its name, or the path of its file. */
export interface BackupActs {
  /** Newest first. */
  list(): Promise<readonly BackupEntry[]>;
  /** @throws NoodleError not-found, bad-argument, archive-format, archive-damaged */
  show(asked: string): Promise<Backup>;
  /** What an act will do and lose. @param services of the backup; empty: all */
  outlook(asked: string, act: 'restore' | 'delete', services: readonly string[], signal: AbortSignal): Promise<BackupOutlook>;
  create(request: BackupRequest, run: RunOptions): Promise<Backup>;
  restore(asked: string, request: RestoreRequest, run: RunOptions): Promise<void>;
  /** Its result is kept with the backup. @throws NoodleError archive-damaged, saying what is wrong */
  verify(asked: string, request: VerifyRequest, run: RunOptions): Promise<BackupCheck>;
  delete(asked: string, run: RunOptions): Promise<void>;
}

export type BundleWanted = BundleRequest & {
  /** What the rules' file is called, for errors. */
  readonly rulesFile?: string;
};

/** What goes into a bundle, read and masked. The caller discards it. */
export interface Bundle {
  readonly about: BundleAbout;
  /** @returns bytes of the file @throws NoodleError disk-full, bad-argument (a recipient), cancelled; there is no file then */
  write(file: string, lock: BundleLock, run: RunOptions): Promise<number>;
  discard(): Promise<void>;
}

/** Bundles that are of no stack yet. */
export interface BundleActs {
  /** @throws NoodleError not-found, archive-format, archive-damaged, wrong-passphrase */
  inspect(file: string, keys: Keys, signal: AbortSignal): Promise<BundleFile>;
  /**
   * Makes a new stack of it. A compose file may be named, or be given as text: then it is kept with the stack. When it fails or is cancelled nothing is left, and of one that was killed the next command clears all.
   * @throws NoodleError conflict (there is such a stack), archive-*, wrong-passphrase, data-version, not-supported-by-server …
   */
  import(
    from: { readonly file: string; readonly keys: Keys },
    to: {
      readonly stack: string;
      readonly runtime: RuntimeChoice;
      readonly file?: string;
      readonly compose?: string;
      readonly install: boolean;
    },
    run: RunOptions,
  ): Promise<BundleAbout>;
  /**
   * Reads what a bundle of other servers would hold. Nothing is written there.
   * @param from a file in the form of .env; the servers themselves; undefined: the environment (`NOODLEBOX_PULL_…`)
   * @throws NoodleError bad-argument, wrong-password, service-unreachable, untrusted-server … naming the server, and no secret
   */
  pull(from: string | readonly PullServer[] | undefined, request: BundleWanted, run: RunOptions): Promise<Bundle>;
}

export interface StatusOptions {
  /** Whether CPU and memory are measured, which takes up to two seconds where nobody follows the stack; default true. */
  readonly usage?: boolean;
}

export interface UpOptions {
  readonly seed: boolean;
  /** Install servers that are missing (native). */
  readonly install: boolean;
}

export interface SeedOptions {
  readonly scale: number;
  readonly seed: number;
}

export interface StackLogOptions {
  readonly services: readonly string[];
  readonly since?: number;
  readonly tail?: number;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

export interface LogFilter {
  readonly services: readonly string[];
  readonly levels: readonly LogLevel[];
  readonly text: string;
}

export interface LogSession {
  /** Changes of the counters, at most every `limits.streamBatchInterval`. */
  progress(signal: AbortSignal): AsyncIterable<{ total: number; matched: number; first: number; dropped: number; reading: boolean }>;
  filter(filter: LogFilter): Promise<{ matched: number }>;
  page(from: number, count: number): Promise<readonly (LogLine & { index: number })[]>;
  close(): Promise<void>;
}

/** Long acts started by a window: they go on when it closes, and a window opened later sees them from the start. */
export interface Tasks {
  start(kind: TaskKind, stack: string, title: string, act: (run: RunOptions) => Promise<void>): TaskSummary;
  list(stack: string): readonly TaskSummary[];
  watch(task: string, signal: AbortSignal): AsyncIterable<readonly TaskEvent[]>;
  cancel(task: string): void;
}
