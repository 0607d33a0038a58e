/** What there is of a stack: its files, and whether the processes they name still run. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import { homePaths } from '../../home/paths.ts';
import type { Observed, ObservedInstance } from '../runtime.ts';
import type { Definition } from '../spec.ts';
import { type Machine, placesOf } from './machine.ts';
import { runs } from './process.ts';
import { listInstances, readInstance, readPaused, readRun, wasReady } from './records.ts';
import { exitCodeOf } from './spawn.ts';
import { listVolumes } from './volumes.ts';

export async function observe(machine: Machine, definition: Definition): Promise<Observed> {
  const places = placesOf(machine, definition.name);
  const [instances, volumes] = await Promise.all([observeAll(machine, definition.name), listVolumes(places)]);
  const running = new Set(instances.filter(({ state }) => state === 'running' || state === 'paused').map(({ service }) => service));
  const kinds = Object.values(definition.services).flatMap((spec) => (spec.kind ? [[spec.kind, running.has(spec.name)] as const] : []));
  return { instances, volumes, networks: [], provided: await provided(machine, new Map(kinds)) };
}

export async function observeAll(machine: Machine, stack: string): Promise<readonly ObservedInstance[]> {
  const services = await listInstances(placesOf(machine, stack).native);
  const instances = await Promise.all(services.map((service) => inspect(machine, stack, service)));
  return instances.filter((instance) => instance !== undefined);
}

export async function inspect(machine: Machine, stack: string, service: string): Promise<ObservedInstance | undefined> {
  const folder = placesOf(machine, stack).instance(service);
  const record = await readInstance(folder);
  if (!record) return undefined;
  const { spec, specHash } = record;
  const run = await readRun(folder);
  const running = run !== undefined && (await runs(run));
  const paused = running && (await readPaused(folder))?.identity === run.identity;
  return {
    service,
    id: `pid:${running ? run.pid : 0}`,
    name: `${stack}-${service}-1`,
    state: paused ? 'paused' : running ? 'running' : run ? 'exited' : 'created',
    // Once it was ready, only its check can tell how it is.
    health: running && !(await wasReady(folder, run)) ? 'starting' : 'none',
    healthMessage: undefined,
    exitCode: run && !running ? await exitCodeOf(folder, run) : undefined,
    specHash,
    image: run?.program ?? spec.image,
    environment: spec.environment,
    ports: spec.ports.flatMap(({ target, published }) => (published === undefined ? [] : [{ target, published, hostIp: '127.0.0.1' }])),
    pid: running ? run.pid : undefined,
    startedAt: running ? run.startedAt : undefined,
  };
}

/** Stacks that have an instance or a volume here. */
export async function listStacks(machine: Machine): Promise<readonly string[]> {
  const folder = homePaths(machine.home).stacks;
  const names = await readdir(folder).catch(() => []);
  const own = await Promise.all(
    names.map(async (name) => {
      const [instances, volumes] = await Promise.all([
        listInstances(join(folder, name, 'native')),
        readdir(join(folder, name, 'volumes')).catch(() => []),
      ]);
      return instances.length + volumes.length > 0;
    }),
  );
  return names.filter((_, index) => own[index]);
}

/** What runs is there; for the rest this machine is searched. */
async function provided(machine: Machine, kinds: ReadonlyMap<ServiceKindName, boolean>): Promise<Readonly<Record<string, boolean>>> {
  const found = await Promise.all(
    [...kinds].map(
      async ([kind, running]) => [kind, running || (await (await machine.servers(kind)).find(machine.places)) !== undefined] as const,
    ),
  );
  return Object.fromEntries(found);
}
