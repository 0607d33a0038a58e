/** Real servers for tests: brought up as processes from our own compose file, in a data home that goes away with them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { type CoreContext, connectionTo, instanceOf, type StackContext } from '../../main/core/context.ts';
import { openStack } from '../../main/core/open.ts';
import { createStack } from '../../main/core/stack.ts';
import { homePaths, serversFolder } from '../../main/home/paths.ts';
import { readSettings } from '../../main/home/settings.ts';
import type { Connection } from '../../main/services/kind.ts';
import { serviceKinds } from '../../main/services/registry.ts';
import { localPorts } from '../../main/stack/ports.ts';
import { type ServiceKindName, serviceKindNames } from '../../preload/contract/kinds.ts';

export interface Servers {
  /** Those that came up. */
  readonly connections: Readonly<Partial<Record<ServiceKindName, Connection>>>;
  /** Why the others could not be had. */
  readonly lacks: Readonly<Partial<Record<ServiceKindName, string>>>;
  /** Stops them and deletes their data. */
  close(): Promise<void>;
}

/** Brings up those of the wanted servers that this machine has; installs nothing. Nothing is seeded. */
export async function withServers(kinds: readonly ServiceKindName[]): Promise<Servers> {
  const home = await mkdtemp(join(tmpdir(), 'noodlebox-servers-'));
  const undo: (() => Promise<void>)[] = [() => rm(home, { recursive: true, force: true })];
  const close = async () => {
    for (const act of undo.splice(0).reverse()) await act();
  };
  try {
    const core = await openCore(home);
    const lacks = await lacksOf(kinds, core);
    const there = kinds.filter((kind) => !(kind in lacks));
    if (there.length === 0) return { connections: {}, lacks, close };

    const context = await openStack(core, { stack: `test-${process.pid}-${Date.now().toString(36)}`, runtime: 'native' });
    undo.push(() => context.runtime.close());
    const stack = createStack(context);
    undo.push(() => stack.down({ volumes: true, snapshot: false }, run));
    await stack.up(there, { seed: false, install: false }, run);
    return { connections: await connections(context, there), lacks, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const run = { signal: new AbortController().signal, onEvent: () => {} };

async function connections(context: StackContext, kinds: readonly ServiceKindName[]): Promise<Servers['connections']> {
  const observed = await context.runtime.observe(context.definition);
  return Object.fromEntries(
    kinds.map((kind) => [kind, connectionTo(context, context.definition.services[kind]!, instanceOf(observed, kind))]),
  );
}

/** The connection, or the end of this test with the reason why there is none. */
export function connectionOf(servers: Servers, kind: ServiceKindName, test: Pick<TestContext, 'skip'>): Connection {
  return servers.connections[kind] ?? test.skip(servers.lacks[kind] ?? `${kind} was not asked for`);
}

/** A core of its own: nothing of this machine's data home, and ports that nothing else uses. */
async function openCore(home: string): Promise<CoreContext> {
  const paths = homePaths(home);
  const ports = await freePorts(portVariables.length);
  const chosen = Object.fromEntries(portVariables.map((variable, index) => [variable, String(ports[index])]));
  const { settings } = await readSettings(paths.settings);
  return { env: { ...process.env, NOODLEBOX_HOME: home, ...chosen }, home, paths, settings: async () => settings };
}

export const portVariables = [
  'NOODLEBOX_PULSAR_HTTP_PORT',
  ...serviceKindNames.map((kind) => `NOODLEBOX_${kind.toUpperCase()}_PORT`),
] as const;

/** Where systems do not take ports from that they choose themselves, for connections and for who asks for any. Each worker has its own of them. */
const portsOfWorker = 2_000;
const worker = Number(process.env.VITEST_POOL_ID ?? 1) % 9;
const ours = { first: 12_000 + worker * portsOfWorker, last: 12_000 + (worker + 1) * portsOfWorker - 1 };
let lastGiven = ours.first + Math.floor(Math.random() * portsOfWorker);

/** Ports that nothing listens on now. None is given twice in a process, and nobody else is given one by the system before it is used. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    lastGiven = lastGiven < ours.last ? lastGiven + 1 : ours.first;
    if (await localPorts.isFree(lastGiven, '127.0.0.1')) ports.push(lastGiven);
  }
  return ports;
}

/** Why those that cannot be had cannot. */
async function lacksOf(kinds: readonly ServiceKindName[], core: CoreContext): Promise<Servers['lacks']> {
  const places = { servers: serversFolder(core.env), env: core.env };
  const asked = kinds.map(async (kind) => {
    const server = await serviceKinds[kind].native();
    const found = await server.find(places);
    return [kind, found ? undefined : `${server.title} is not on this machine: noodlebox servers install ${kind}`] as const;
  });
  return Object.fromEntries((await Promise.all(asked)).filter(([, lack]) => lack !== undefined));
}
