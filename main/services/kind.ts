/** What Noodlebox knows of one kind of server. `registry.ts` lists them; nothing else names one. */
import type { LogLevel, ServiceKindName, TraceFinding } from '../../preload/contract/index.ts';
import type { Needless } from '../runtime/copies.ts';
import type { NativeServer } from '../runtime/native/server.ts';
import type { ServiceSpec } from '../runtime/spec.ts';
import type { StoreContent } from './content.ts';
import type { StoreDumper } from './dumper.ts';
import type { PortionLoader, PortionOptions, PortionSource } from './portion.ts';
import type { SeedTarget } from './seed-target.ts';
import type { Tls } from './tls.ts';

export interface ServiceKind<Session extends ServiceSession = ServiceSession> {
  readonly name: ServiceKindName;
  /** "PostgreSQL" */
  readonly title: string;
  /** The container port clients connect to. */
  readonly port: number;
  /** Compose variables that hold this service's secrets, and how each is made. Order matters: a later one may be derived from an earlier one. */
  readonly secrets: readonly SecretRule[];
  /** Where and as whom to connect, read from the spec's environment. */
  connection(spec: ServiceSpec, address: { readonly host: string; readonly ports: ReadonlyMap<number, number> }): Connection;
  /** Which file of the data folder names the version it was written by, and whether the spec's image can open it. */
  readonly dataVersion: DataVersionRule | undefined;
  /** Files of its data that hold nothing. `folder` is a path in the container. */
  readonly needless?: Needless;
  /** Time and level of one of its log lines, whatever runtime it runs on. */
  parseLine(line: string): { readonly time?: number; readonly level?: LogLevel };
  /** How it runs without an engine; loaded when needed. */
  native(): Promise<NativeServer>;
  /** How it is reached: client, pools, checks; loaded when needed, because drivers are heavy. */
  access(): Promise<ServiceAccess<Session>>;
}

export interface SecretRule {
  /** The compose variable, such as NOODLEBOX_POSTGRES_PASSWORD. */
  readonly variable: string;
  /** The container's environment variable that carries it, for adopting a stack started by compose. */
  readonly environment: string;
  make(others: Readonly<Record<string, string>>): string;
}

export interface Connection {
  readonly kind: ServiceKindName;
  readonly host: string;
  readonly port: number;
  /** With its secret. Never logged. */
  readonly url: string;
  /** The same with every secret as `***`. */
  readonly maskedUrl: string;
  /** What an application would read from its environment: names as customary, such as DATABASE_URL. */
  readonly environment: Readonly<Record<string, string>>;
  /** Everything a driver needs, by name: user, password, database, token, org, bucket, adminUrl … */
  readonly parts: Readonly<Record<string, string>>;
  /** Undefined: in clear, as to a stack's own servers, which listen on this machine only. */
  readonly tls?: Tls;
}

export interface DataVersionRule {
  /** Path in the container. */
  readonly file: string;
  /** The version in that file's content; undefined when it does not say. */
  read(content: string): string | undefined;
  /** The version the image's server can open, from its tag or the found program's version. */
  wants(imageOrVersion: string): string | undefined;
}

export interface ServiceAccess<Session extends ServiceSession = ServiceSession> {
  /** One cheap round trip as the real user. @throws NoodleError wrong-password, service-unreachable */
  verify(connection: Connection, signal: AbortSignal): Promise<ServerFacts>;
  /**
   * Has the server let go of what it keeps on its disk and needs no more, so that less has to be copied. It may need
   * `limits.letGoPatience` for it; what it refuses is no error.
   */
  letGo?(connection: Connection, signal: AbortSignal): Promise<void>;
  /** Opens what seeding needs. The caller closes it. */
  seedTarget(connection: Connection): Promise<SeedTarget>;
  /** Opens all that it holds, to be read and compared. The caller closes it. @throws NoodleError wrong-password, service-unreachable */
  content(connection: Connection): Promise<StoreContent>;
  /** Opens what a bundle takes of it; nothing is written. The caller closes it. @throws NoodleError wrong-password, service-unreachable */
  portionSource(connection: Connection, options: PortionOptions): Promise<PortionSource>;
  /**
   * Opens what loads a bundle's part into an empty store. The caller closes it.
   * @param service as the bundle calls it, for errors @param index as the source gave it, not believed
   * @throws NoodleError archive-damaged, wrong-password, service-unreachable
   */
  portionLoader(connection: Connection, service: string, index: unknown): Promise<PortionLoader>;
  /** Opens what its panel, the CLI and traces ask of it. The core keeps one a service and closes it. */
  session(connection: Connection, place: SessionPlace): Promise<Session>;
  /** How its content is carried off and brought back. */
  dumper(): Promise<StoreDumper>;
}

export interface SessionPlace {
  /** A folder of this process for spooled results; made when first asked for, gone when the core closes. */
  spool(): Promise<string>;
}

/**
 * One server as panels know it. It outlives restarts of its server: what fails while it is away
 * throws `service-unreachable` and works again afterwards.
 */
export interface ServiceSession {
  /** Everything that carries an id; at most `limits.traceFindings`, `cut` when there was more. */
  trace(id: string, signal: AbortSignal): Promise<{ readonly findings: readonly SessionFinding[]; readonly cut: boolean }>;
  /** Tables, key prefixes, topics, collections or measurements whose name contains a text (no regard to case); at most `limits.lookupNames`. */
  names(text: string, signal: AbortSignal): Promise<readonly SessionName[]>;
  close(): Promise<void>;
}

/** A finding as a session tells it: `link` holds only the search, the core knows the rest. */
export type SessionFinding = Omit<TraceFinding, 'link'> & { readonly search: Readonly<Record<string, unknown>> };

export interface SessionName {
  /** "table", "topic" … */
  readonly what: string;
  readonly name: string;
  /** What its panel's search must be to show it. */
  readonly search: Readonly<Record<string, unknown>>;
}

export interface ServerFacts {
  readonly version: string;
  /** What this server lacks that its panel or seeds would use, in words. */
  readonly notes: readonly string[];
}
