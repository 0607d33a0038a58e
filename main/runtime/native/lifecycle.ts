/** Making, starting, stopping and removing an instance. Each act may be repeated, and cut off at any point. */
import { mkdir } from 'node:fs/promises';
import { NoodleError } from '../../errors.ts';
import { takeLock } from '../../home/lock.ts';
import type { Task } from '../runtime.ts';
import type { Definition, ServiceSpec } from '../spec.ts';
import { nativeInstance } from './instance.ts';
import { rotateLog } from './logs/rotate.ts';
import { foundServer, type Machine, placesOf, serverOf } from './machine.ts';
import { unpause } from './pause.ts';
import { instanceFiles } from './places.ts';
import { assertFree, internalPorts } from './ports.ts';
import { goneWithin, killGroup, runs, signalProcess } from './process.ts';
import { deleteInstance, type InstanceRecord, readInstance, readRun, writeRecord } from './records.ts';
import { spawnServer } from './spawn.ts';
import { mountsOf } from './volumes.ts';

export async function create(machine: Machine, definition: Definition, spec: ServiceSpec, specHash: string): Promise<void> {
  await serverOf(machine, spec);
  const places = placesOf(machine, definition.name);
  await exclusively(places.lock(spec.name), `create ${spec.name}`, async () => {
    const folder = places.instance(spec.name);
    await refuseRunning(folder, spec.name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const record: InstanceRecord = { specHash, spec, mounts: mountsOf(places, definition, spec) };
    await writeRecord(instanceFiles(folder).instance, record);
  });
}

/** What it was created from is what it is started with, as with a container. @throws NoodleError server-missing, port-taken */
export async function start(machine: Machine, stack: string, service: string, { signal }: Task): Promise<void> {
  const places = placesOf(machine, stack);
  await exclusively(places.lock(service), `start ${service}`, async () => {
    const folder = places.instance(service);
    const record = await readInstance(folder);
    if (!record) throw new NoodleError({ code: 'internal', what: `${service} was not created yet.` });
    // One that was left paused runs as soon as it is let go.
    await unpause(machine, stack, service);
    if (await isRunning(folder)) return;
    const server = await serverOf(machine, record.spec);
    const found = await foundServer(machine, server);
    const own = await internalPorts(places.internalPorts(service), server.internalPorts ?? []);
    const published = record.spec.ports.flatMap((port) => port.published ?? []);
    await assertFree(record.spec, [...published, ...Object.values(own)]);
    const launch = await server.prepare(found, nativeInstance(stack, folder, record, own));
    signal.throwIfAborted();
    await rotateLog(folder);
    await spawnServer(folder, launch, found.program, machine.places.env);
  });
}

/** Asks it to stop; kills it and its process group when it has not stopped within its grace. */
export async function stop(machine: Machine, stack: string, service: string, { signal }: Task): Promise<void> {
  const places = placesOf(machine, stack);
  await exclusively(places.lock(service), `stop ${service}`, async () => {
    // What stands still hears no signal.
    await unpause(machine, stack, service);
    await end(places.instance(service), service, signal);
  });
}

async function end(folder: string, service: string, signal: AbortSignal): Promise<void> {
  const run = await readRun(folder);
  if (!run) return;
  const spec = (await readInstance(folder))?.spec;
  const asked = (spec?.stopSignal as NodeJS.Signals | undefined) ?? run.stopSignal;
  await signalProcess(run, asked);
  if (await goneWithin(run, spec?.stopGrace ?? 0, signal)) return;
  await killGroup(run);
  if (await goneWithin(run, killPatience, signal)) return;
  throw new NoodleError({
    code: 'service-timeout',
    what: `${service} (process ${run.pid}) does not end, not even when it is killed.`,
    why: 'The system holds it in a call that cannot be interrupted, as a disk that hangs does.',
  });
}

/** ms that the system may take to end a killed process. */
const killPatience = 10_000;

export async function remove(machine: Machine, stack: string, service: string): Promise<void> {
  const places = placesOf(machine, stack);
  await exclusively(places.lock(service), `remove ${service}`, async () => {
    const folder = places.instance(service);
    await refuseRunning(folder, service);
    await deleteInstance(folder);
  });
}

async function refuseRunning(folder: string, service: string): Promise<void> {
  const run = await readRun(folder);
  if (!run || !(await runs(run))) return;
  throw new NoodleError({ code: 'stack-busy', what: `${service} still runs (process ${run.pid}).`, todo: 'Stop it first.' });
}

async function isRunning(folder: string): Promise<boolean> {
  const run = await readRun(folder);
  return run !== undefined && (await runs(run));
}

/** The last act on each instance in this process: the next one waits for it. */
const acts = new Map<string, Promise<void>>();

/** One act on an instance at a time; another process's act in between is refused. @throws NoodleError stack-busy */
async function exclusively(lock: string, purpose: string, act: () => Promise<void>): Promise<void> {
  const before = acts.get(lock) ?? Promise.resolve();
  const mine = before
    .catch(() => {})
    .then(async () => {
      const held = await takeLock(lock, purpose, 'stack-busy');
      try {
        await act();
      } finally {
        await held.release();
      }
    });
  acts.set(lock, mine);
  try {
    await mine;
  } finally {
    if (acts.get(lock) === mine) acts.delete(lock);
  }
}
