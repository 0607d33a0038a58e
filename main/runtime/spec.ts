/**
 * What a stack consists of, after its compose file was parsed, interpolated and checked.
 * These are plain data: every runtime is handed the same.
 */
import type { ServiceKindName } from '../../preload/contract/kinds.ts';

/** A stack as defined: a documented subset of the compose specification. */
export interface Definition {
  /** The stack's name: the compose project name. */
  readonly name: string;
  /** The compose file, absolute. */
  readonly file: string;
  /** In the file's order. */
  readonly services: Readonly<Record<string, ServiceSpec>>;
  readonly volumes: Readonly<Record<string, VolumeSpec>>;
  readonly networks: Readonly<Record<string, NetworkSpec>>;
}

export interface ServiceSpec {
  readonly name: string;
  /** Which server this is, by the label `io.noodlebox.kind`; undefined for any other container. */
  readonly kind: ServiceKindName | undefined;
  readonly image: string;
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly workingDir: string | undefined;
  readonly hostname: string | undefined;
  readonly ports: readonly PortSpec[];
  readonly mounts: readonly MountSpec[];
  /** Files put into the container before it starts. */
  readonly configs: readonly ConfigFile[];
  readonly healthcheck: HealthcheckSpec | undefined;
  readonly dependsOn: Readonly<Record<string, DependencyCondition>>;
  readonly networks: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
  /** ms between the stop signal and the kill. */
  readonly stopGrace: number;
  readonly stopSignal: string | undefined;
  readonly restart: RestartPolicy;
  /** bytes */
  readonly memoryLimit: number | undefined;
  /** bytes */
  readonly shmSize: number | undefined;
  readonly ulimits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>;
  readonly init: boolean;
}

export interface PortSpec {
  /** The port inside the container. */
  readonly target: number;
  /** The port on this machine; undefined: any free one. */
  readonly published: number | undefined;
  readonly hostIp: string;
  readonly protocol: 'tcp' | 'udp';
}

export type MountSpec =
  | { readonly type: 'volume'; readonly source: string; readonly target: string; readonly readOnly: boolean }
  | { readonly type: 'bind'; readonly source: string; readonly target: string; readonly readOnly: boolean }
  | { readonly type: 'tmpfs'; readonly target: string };

export interface ConfigFile {
  readonly target: string;
  /** The file's content, interpolated if it was given inline. */
  readonly content: string;
  /** Octal permission bits, such as 0o444. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface HealthcheckSpec {
  /** `['CMD', …]` or `['CMD-SHELL', line]`, as the engine takes it. */
  readonly test: readonly string[];
  /** ms */
  readonly interval: number;
  /** ms */
  readonly timeout: number;
  readonly retries: number;
  /** ms */
  readonly startPeriod: number;
}

export type DependencyCondition = 'service_started' | 'service_healthy' | 'service_completed_successfully';
export type RestartPolicy = 'no' | 'always' | 'on-failure' | 'unless-stopped';

export interface VolumeSpec {
  /** The key in the file. */
  readonly key: string;
  /** The name in the engine: `<stack>_<key>` unless the file names it. */
  readonly name: string;
  readonly external: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

export interface NetworkSpec {
  readonly key: string;
  readonly name: string;
  readonly external: boolean;
  readonly internal: boolean;
  readonly labels: Readonly<Record<string, string>>;
}
