import type { ProbeResult } from '../runtime.ts';
import { nativeInstance } from './instance.ts';
import { type Machine, placesOf, serverOf } from './machine.ts';
import { instanceFiles } from './places.ts';
import { internalPorts } from './ports.ts';
import { runs } from './process.ts';
import { readInstance, readRun, wasReady, writeRecord } from './records.ts';
import { exitCodeOf } from './spawn.ts';

/** The first time in a run that it answers, what has to be set up through the server itself is set up before it counts as ready. */
export async function probe(
  machine: Machine,
  stack: string,
  service: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<ProbeResult> {
  const places = placesOf(machine, stack);
  const folder = places.instance(service);
  const [record, run] = await Promise.all([readInstance(folder), readRun(folder)]);
  if (!record || !run || !(await runs(run))) return { state: 'gone', exitCode: run && (await exitCodeOf(folder, run)) };
  const server = await serverOf(machine, record.spec);
  const instance = nativeInstance(stack, folder, record, await internalPorts(places.internalPorts(service), server.internalPorts ?? []));
  const settled = await wasReady(folder, run);
  try {
    if (!settled) await server.settle?.(instance, signal);
    await server.ready(instance, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(await runs(run))) return { state: 'gone', exitCode: await exitCodeOf(folder, run) };
    return { state: 'not-ready', message: (error as Error).message };
  }
  if (!settled) await writeRecord(instanceFiles(folder).ready, { identity: run.identity });
  return { state: 'ready' };
}
