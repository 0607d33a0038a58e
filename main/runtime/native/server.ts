/**
 * How one kind of server runs as a process of this machine. Each service folder gives one
 * (`main/services/<kind>/native.ts`); the native runtime knows no server by name.
 */
import type { LogLevel, Progress, ServiceKindName } from '../../../preload/contract/index.ts';
import type { ServiceSpec } from '../spec.ts';

/** Something that is found on this machine, or can be installed on it. */
export interface Installable {
  readonly kind: ServiceKindName;
  /** "PostgreSQL" */
  readonly title: string;
  /** What of the kind it is, where it is not the server itself. */
  readonly part?: 'tools';
  /** Looks on PATH, in known folders and in the servers' folder. Changes nothing. */
  find(places: ServerPlaces): Promise<FoundServer | undefined>;
  /** How it would be installed and what that lacks on this machine. */
  installation(places: ServerPlaces): Promise<Installation>;
  /** What it starts faster with and can be without. It is made after the installation, and again when it fits no more. */
  readonly quickStart?: QuickStart;
}

export interface QuickStart {
  has(found: FoundServer): Promise<boolean>;
  /** Leaves nothing half done. @throws when it cannot be made: the server starts as before */
  make(found: FoundServer, places: ServerPlaces, task: InstallTask): Promise<void>;
}

/** Under which its files and its lock lie in the servers' folder: `postgres`, `postgres-tools`. */
export function installName({ kind, part }: Pick<Installable, 'kind' | 'part'>): string {
  return part === undefined ? kind : `${kind}-${part}`;
}

export interface NativeServer extends Installable {
  /** The server's own programs for backups and the like, where they do not come with it; `path` of what is found is their folder. */
  readonly tools?: Installable;
  /** Ports of its own that the spec does not publish, by name; `NativeInstance.internal` gives them. */
  readonly internalPorts?: readonly string[];
  /** Makes the data folder and config files when they are not there yet, and says what to run. Must be repeatable after a kill at any point. */
  prepare(found: FoundServer, instance: NativeInstance): Promise<Launch>;
  /** Once it answers: what has to be set up through the server itself (a database, a user, an org). Idempotent. */
  settle?(instance: NativeInstance, signal: AbortSignal): Promise<void>;
  /** One readiness check, as strict as the compose health check. Throws with the reason when not ready. */
  ready(instance: NativeInstance, signal: AbortSignal): Promise<void>;
  /** Time (ms since the epoch) and level a log line carries; undefined parts are filled from the line before. */
  parseLine(line: string): { readonly time?: number; readonly level?: LogLevel };
}

export interface ServerPlaces {
  /** Installed servers: `${XDG_CACHE_HOME:-~/.cache}/noodlebox/servers`. */
  readonly servers: string;
  /** The environment to look in, for PATH and settings. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface FoundServer {
  /** "FerretDB 1.24.0" */
  readonly program: string;
  readonly version: string;
  /** The executable, or the folder for a server of many files. */
  readonly path: string;
  /** The program that runs it, for a server that is none itself: a Java. */
  readonly interpreter?: string;
  /** What it cannot do that the compose image's server can. */
  readonly notes: readonly string[];
}

export interface Installation {
  readonly program: string;
  /** As a person could type them. */
  readonly commands: readonly string[];
  readonly lacks: readonly { readonly what: string; readonly command: string | null }[];
  /** Idempotent; leaves nothing half done where `find` would find it. @throws NoodleError install-failed */
  install(task: InstallTask): Promise<void>;
}

export interface InstallTask {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

export interface NativeInstance {
  readonly stack: string;
  readonly spec: Pick<ServiceSpec, 'name' | 'environment' | 'configs'>;
  /** This instance's own folder: config, pid file, log. */
  readonly folder: string;
  /** The folder that stands for a container path: the volume mounted there, or one inside `folder`. */
  mounted(containerPath: string): string;
  /** Port on 127.0.0.1 for a port the spec publishes. */
  published(target: number): number;
  /** A port of the server's own that the spec does not publish; the same every time the instance starts. */
  internal(name: string): number;
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stopSignal: NodeJS.Signals;
}
