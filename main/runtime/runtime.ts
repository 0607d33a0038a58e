/**
 * Where servers run. Two implementations: `docker/` (an engine, through its API) and
 * `native/` (processes of this machine). Each method is one act on one thing; none decides
 * what should be done: that is `main/stack/plan`.
 */
import type { LogLine, Progress, RuntimeInfo, RuntimeKind } from '../../preload/contract/index.ts';
import type { Benches } from './bench.ts';
import type { VolumeCopies } from './copies.ts';
import type { Definition, NetworkSpec, ServiceSpec, VolumeSpec } from './spec.ts';
import type { ServiceTools } from './tools.ts';

export interface Runtime {
  readonly kind: RuntimeKind;
  /** The engine or machine behind it. @throws NoodleError no-engine */
  info(signal?: AbortSignal): Promise<RuntimeInfo>;

  /** What there is of this stack now, listed afresh by label (or from process files). */
  observe(definition: Definition, signal?: AbortSignal): Promise<Observed>;
  /** Names of the stacks that have anything on this runtime. */
  stacks(signal?: AbortSignal): Promise<readonly string[]>;

  /** Makes the server's program available: pulls the image, or finds or installs the server. */
  provide(spec: ServiceSpec, task: Task): Promise<void>;
  createNetwork(stack: string, network: NetworkSpec): Promise<void>;
  removeNetwork(stack: string, network: NetworkSpec): Promise<void>;
  createVolume(stack: string, volume: VolumeSpec): Promise<void>;
  /** Deletes the volume's data for good. */
  removeVolume(stack: string, volume: VolumeSpec): Promise<void>;
  /** Makes the instance without starting it. `specHash` is kept with it, to be observed later. */
  create(definition: Definition, spec: ServiceSpec, specHash: string, task: Task): Promise<void>;
  start(stack: string, spec: ServiceSpec, task: Task): Promise<void>;
  /** Asks it to stop, kills it after `spec.stopGrace`. An instance that has already stopped is no error. */
  stop(stack: string, spec: ServiceSpec, task: Task): Promise<void>;
  /** Removes a stopped instance; its volumes stay. */
  remove(stack: string, service: string): Promise<void>;
  /** Holds all processes of a running instance still, and returns once they are. One that does not run is no error. */
  pause(stack: string, service: string): Promise<void>;
  /** Lets it go on. One that is not paused is no error. */
  unpause(stack: string, service: string): Promise<void>;
  /** Copies of its volumes. */
  readonly copies: VolumeCopies;
  /** Places for its programs to work beside it. */
  readonly benches: Benches;
  /** The server's own programs, for dumps and the like. */
  tools(stack: string, spec: ServiceSpec): ServiceTools;

  /** The instance as it is now; undefined when there is none. */
  inspect(stack: string, service: string, signal?: AbortSignal): Promise<ObservedInstance | undefined>;
  /**
   * Runs the service's own health check once, now, without waiting for the engine's next interval.
   * A service without a check is ready as soon as it runs.
   */
  probe(stack: string, spec: ServiceSpec, signal?: AbortSignal): Promise<ProbeResult>;
  /** A cheap look at whether a probe could pass: false only while it surely could not, since nothing listens yet. */
  listens(stack: string, spec: ServiceSpec): Promise<boolean>;
  /** A file inside a created instance (running or not), at most 1 MiB; undefined when it is not there. */
  readFile(stack: string, spec: ServiceSpec, path: string): Promise<Buffer | undefined>;

  /** Lines of one service, oldest first, in batches. With `follow` it ends only by the signal or when the instance goes. */
  logs(stack: string, service: string, options: LogOptions): AsyncIterable<readonly LogLine[]>;
  /** CPU and memory of every running service, every `limits.statsInterval`. */
  stats(stack: string, signal: AbortSignal): AsyncIterable<readonly StatsSample[]>;
  /** "Something changed": a hint to observe again, also given after a lost connection was made anew. */
  changes(stack: string, signal: AbortSignal): AsyncIterable<{ readonly service: string | undefined }>;

  close(): Promise<void>;
}

/** What a long act is handed: a way to be cancelled and to tell how far it is. */
export interface Task {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

export interface LogOptions {
  /** ms since the epoch; undefined: from the first line kept. */
  readonly since?: number;
  /** Only the last n lines. */
  readonly tail?: number;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

export interface StatsSample {
  readonly service: string;
  /** Share of one core: 1 is one core fully used. */
  readonly cpu: number;
  /** bytes, without page cache */
  readonly memory: number;
}

/** What is there, listed, with nothing concluded from it. */
export interface Observed {
  readonly instances: readonly ObservedInstance[];
  /** Engine names. */
  readonly volumes: readonly string[];
  /** Engine names. */
  readonly networks: readonly string[];
  /** For each image the definition names (native: each service kind), whether it is here already. */
  readonly provided: Readonly<Record<string, boolean>>;
}

export interface ObservedInstance {
  readonly service: string;
  /** Container id, or `pid:<n>` (native; `pid:0` when not running). */
  readonly id: string;
  /** Container or process name. */
  readonly name: string;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'exited';
  /** The last health the runtime itself knows of; `none` when the service has no check. */
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  /** What the last failed check printed. */
  readonly healthMessage: string | undefined;
  readonly exitCode: number | undefined;
  /** Hash of the spec it was created from; undefined when something else (docker compose) created it. */
  readonly specHash: string | undefined;
  readonly image: string;
  /** Environment it was created with: the source of credentials when a stack is adopted. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly target: number; readonly published: number; readonly hostIp: string }[];
  readonly pid: number | undefined;
  /** ms since the epoch */
  readonly startedAt: number | undefined;
}

export type ProbeResult =
  | { readonly state: 'ready' }
  | { readonly state: 'not-ready'; readonly message: string }
  | { readonly state: 'gone'; readonly exitCode: number | undefined };
