import type { RuntimeInfo, Settings } from '../../preload/contract/models.ts';
import type { HomePaths } from '../home/paths.ts';
import type { Credentials, StackRecord } from '../home/stack-record.ts';
import type { Observed, ObservedInstance, Runtime } from '../runtime/runtime.ts';
import type { Definition, ServiceSpec } from '../runtime/spec.ts';
import type { Connection } from '../services/kind.ts';
import { kindOf } from '../services/registry.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** What the core as a whole works with. */
export interface CoreContext {
  readonly env: Env;
  readonly home: string;
  readonly paths: HomePaths;
  settings(): Promise<Settings>;
}

/** One stack, opened: all that its acts need. */
export interface StackContext {
  readonly core: CoreContext;
  readonly name: string;
  readonly runtime: Runtime;
  readonly info: RuntimeInfo;
  /** Published ports are those remembered for this stack. */
  readonly definition: Definition;
  readonly record: StackRecord;
  readonly credentials: Credentials;
  /** Host ports that a person named through a variable: taken means error. */
  readonly exactPorts: ReadonlySet<number>;
  /** Which way messages go to Pulsar, as set. */
  readonly pulsarTransport: Settings['pulsarTransport'];
  /** Messages for the person that opening gave rise to. */
  readonly notices: readonly string[];
}

/** Where a service is reached, by what was observed or, before it runs, by what is planned; undefined for an unknown kind. */
export function connectionTo(
  context: Pick<StackContext, 'info' | 'pulsarTransport'>,
  spec: ServiceSpec,
  instance?: ObservedInstance,
): Connection | undefined {
  if (!spec.kind) return undefined;
  const ports = new Map<number, number>();
  for (const port of spec.ports) if (port.published !== undefined) ports.set(port.target, port.published);
  for (const port of instance?.ports ?? []) ports.set(port.target, port.published);
  const kind = kindOf(spec.kind);
  if (!ports.has(kind.port)) return undefined;
  // An adopted instance keeps the secrets it was created with.
  const environment = { ...spec.environment, ...(instance?.specHash === undefined ? instance?.environment : {}) };
  const connection = kind.connection({ ...spec, environment }, { host: hostOf(context.info), ports });
  return spec.kind === 'pulsar' ? { ...connection, parts: { ...connection.parts, transport: context.pulsarTransport } } : connection;
}

function hostOf(info: RuntimeInfo): string {
  if (!info.remote) return '127.0.0.1';
  return new URL(info.endpoint).hostname;
}

export function instanceOf(observed: Observed, service: string): ObservedInstance | undefined {
  return observed.instances.find((instance) => instance.service === service);
}
