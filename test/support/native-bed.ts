/** A data home of its own for tests of the native runtime, and a sweep that leaves no process behind. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNative } from '../../main/runtime/native/native.ts';
import type { NativeServer } from '../../main/runtime/native/server.ts';
import type { Runtime, Task } from '../../main/runtime/runtime.ts';
import type { Definition, ServiceSpec } from '../../main/runtime/spec.ts';
import { serviceKinds } from '../../main/services/registry.ts';
import { readDefinition } from '../../main/stack/definition/definition.ts';
import { specHash } from '../../main/stack/definition/hash.ts';
import { portKey, withPorts } from '../../main/stack/ports.ts';
import { waitUntilReady } from '../../main/stack/ready.ts';
import type { ServiceKindName } from '../../preload/contract/kinds.ts';
import { freePorts } from '../lab/servers.ts';

const composeFile = join(import.meta.dirname, '../../compose/compose.yaml');

export interface NativeBed {
  readonly home: string;
  readonly stack: string;
  readonly definition: Definition;
  readonly task: Task;
  /** A runtime that knows nothing but what is written down: as another Noodlebox would open it. */
  open(servers?: (kind: ServiceKindName) => Promise<NativeServer>): Runtime;
  spec(name: string): ServiceSpec;
  /** Volumes and instance. */
  create(runtime: Runtime, name: string): Promise<void>;
  /** And its process. */
  start(runtime: Runtime, name: string): Promise<void>;
  ready(runtime: Runtime, name: string): Promise<void>;
  /** The texts of its log. */
  lines(runtime: Runtime, name: string, options?: { readonly tail?: number; readonly since?: number }): Promise<string[]>;
  folder(service: string): string;
  close(): Promise<void>;
}

/** @param folder the home is made in; default: the system's temporary folder */
export async function nativeBed(folder: string = tmpdir()): Promise<NativeBed> {
  // A space, as in macOS' own "Application Support".
  const home = await mkdtemp(join(folder, 'noodlebox native-'));
  const stack = 'bed';
  const secrets: Record<string, string> = {};
  for (const kind of Object.values(serviceKinds)) for (const rule of kind.secrets) secrets[rule.variable] = rule.make(secrets);
  const read = await readDefinition(composeFile, { name: stack, variables: secrets });
  const published = Object.values(read.services).flatMap((spec) => spec.ports.map(({ target }) => portKey(spec.name, target)));
  const free = await freePorts(published.length);
  const ports = Object.fromEntries(published.map((key, at) => [key, free[at]!]));
  const definition = withPorts(read, ports);
  const task: Task = { signal: new AbortController().signal, progress: () => {} };
  const bed: NativeBed = {
    home,
    stack,
    definition,
    task,
    open: (servers = (kind) => serviceKinds[kind].native()) => openNative({ home, env: process.env, servers }),
    spec: (name) => definition.services[name]!,
    folder: (service) => join(home, 'stacks', stack, 'native', service),
    async create(runtime, name) {
      const spec = bed.spec(name);
      for (const mount of spec.mounts) if (mount.type === 'volume') await runtime.createVolume(stack, definition.volumes[mount.source]!);
      await runtime.create(definition, spec, specHash(spec), task);
    },
    async start(runtime, name) {
      await bed.create(runtime, name);
      await runtime.start(stack, bed.spec(name), task);
    },
    async lines(runtime, name, options = {}) {
      const texts: string[] = [];
      const given = { ...options, follow: false, signal: task.signal };
      for await (const batch of runtime.logs(stack, name, given)) texts.push(...batch.map(({ text }) => text));
      return texts;
    },
    ready: (runtime, name) => waitUntilReady(runtime, stack, bed.spec(name), task.signal),
    async close() {
      const runtime = bed.open();
      const { instances } = await runtime.observe(definition);
      await Promise.all(instances.map(({ service }) => runtime.stop(stack, { ...bed.spec(service), stopGrace: 20_000 }, task)));
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return bed;
}

/** The command line of a process, as anyone on this machine may read it. */
export async function commandLine(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
}

/** Addresses that a process listens on, as hex from /proc/net/tcp and tcp6 (proc(5)). */
export async function listeningAddresses(pid: number): Promise<readonly string[]> {
  const { readlink } = await import('node:fs/promises');
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  const inodes = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')));
  return tables
    .flatMap((table) => table.trim().split('\n').slice(1))
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && inodes.has(fields[9]!))
    .map((fields) => fields[1]!.split(':')[0]!);
}

/** 127.0.0.1, as the kernel writes it, in IPv4 and mapped into IPv6. */
export const loopback: ReadonlySet<string> = new Set(['0100007F', '0000000000000000FFFF00000100007F']);

/** A stand-in whose "server" is a line of shell: for what is about processes, not about servers. */
export function shellServer(line: string): NativeServer {
  return {
    kind: 'redis',
    title: 'Shell',
    find: async () => ({ program: 'Shell 1', version: '1', path: '/bin/sh', notes: [] }),
    installation: async () => ({ program: 'Shell', commands: [], lacks: [], install: async () => {} }),
    prepare: async (_found, instance) => ({ command: '/bin/sh', args: ['-c', line], env: {}, cwd: instance.folder, stopSignal: 'SIGTERM' }),
    ready: async () => {},
    parseLine: () => ({}),
  };
}
