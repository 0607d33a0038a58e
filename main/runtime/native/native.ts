/** The runtime of this machine's own processes. */
import { release } from 'node:os';
import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import { serversFolder } from '../../home/paths.ts';
import type { Runtime } from '../runtime.ts';
import { nativeBenches } from './bench/bench.ts';
import { changes } from './changes.ts';
import { nativeCopies } from './copies/copies.ts';
import { create, remove, start, stop } from './lifecycle.ts';
import { instanceLogs } from './logs/follow.ts';
import { type Machine, placesOf, serverOf } from './machine.ts';
import { inspect, listStacks, observe } from './observe.ts';
import { pause, unpause } from './pause.ts';
import { probe } from './probe.ts';
import type { NativeServer, ServerPlaces } from './server.ts';
import { installServer } from './servers.ts';
import { stats } from './stats.ts';
import { nativeTools } from './tools.ts';
import { createVolume, readInstanceFile, removeVolume } from './volumes.ts';

export interface NativeOptions {
  /** The data home. */
  readonly home: string;
  readonly env: ServerPlaces['env'];
  readonly servers: (kind: ServiceKindName) => Promise<NativeServer>;
}

export function openNative({ home, env, servers }: NativeOptions): Runtime {
  const machine: Machine = { home, places: { servers: serversFolder(env), env }, servers };
  return {
    kind: 'native',
    info: async () => ({
      kind: 'native',
      title: `Processes on ${process.platform}/${process.arch}`,
      endpoint: machine.places.servers,
      version: release(),
      remote: false,
    }),
    observe: (definition) => observe(machine, definition),
    stacks: () => listStacks(machine),
    provide: async (spec, task) => installServer(await serverOf(machine, spec), machine.places, task),
    // Every process of this machine reaches every other: there are no networks to make.
    createNetwork: async () => {},
    removeNetwork: async () => {},
    createVolume: (stack, volume) => createVolume(placesOf(machine, stack), volume.name),
    removeVolume: (stack, volume) => removeVolume(placesOf(machine, stack), volume.name),
    create: (definition, spec, specHash) => create(machine, definition, spec, specHash),
    start: (stack, spec, task) => start(machine, stack, spec.name, task),
    stop: (stack, spec, task) => stop(machine, stack, spec.name, task),
    remove: (stack, service) => remove(machine, stack, service),
    pause: (stack, service) => pause(machine, stack, service),
    unpause: (stack, service) => unpause(machine, stack, service),
    copies: nativeCopies(machine),
    benches: nativeBenches(machine),
    tools: (stack, spec) => nativeTools(machine, stack, spec),
    inspect: (stack, service) => inspect(machine, stack, service),
    // A probe of a process costs no more than a look.
    listens: async () => true,
    probe: (stack, spec, signal) => probe(machine, stack, spec.name, signal),
    readFile: (stack, spec, path) => readInstanceFile(placesOf(machine, stack), spec.name, path),
    logs: (stack, service, options) => instanceLogs(machine, stack, service, options),
    stats: (stack, signal) => stats(machine, stack, signal),
    changes: (stack, signal) => changes(machine, stack, signal),
    // Servers go on without Noodlebox.
    close: async () => {},
  };
}
