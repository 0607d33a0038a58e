import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../../limits.ts';
import type { ObservedInstance } from '../runtime.ts';
import { trimLog } from './logs/rotate.ts';
import { type Machine, placesOf } from './machine.ts';
import { observeAll } from './observe.ts';

/**
 * A hint at once, then one for every instance that came, went, started or ended. Processes of another
 * parent tell nobody when they end, so they are looked at. Whoever looks also keeps their logs in bounds.
 */
export async function* changes(
  machine: Machine,
  stack: string,
  signal: AbortSignal,
): AsyncGenerator<{ readonly service: string | undefined }> {
  // First: whoever is told looks at once, and what comes after that has to be hinted at.
  let before = await states(machine, stack);
  yield { service: undefined };
  while (!signal.aborted) {
    await pause(limits.nativePoll, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const now = await states(machine, stack);
    const services = new Set([...before.keys(), ...now.keys()]);
    for (const service of services) {
      await trimLog(placesOf(machine, stack).instance(service));
      if (before.get(service) !== now.get(service)) yield { service };
    }
    before = now;
  }
}

/** What there is to see of each instance, as a text to compare. A file that cannot be read is told by whoever looks closer. */
async function states(machine: Machine, stack: string): Promise<ReadonlyMap<string, string>> {
  const instances: readonly ObservedInstance[] = await observeAll(machine, stack).catch(() => []);
  return new Map(instances.map(({ service, state, id, health, exitCode }) => [service, `${state} ${id} ${health} ${exitCode}`]));
}
