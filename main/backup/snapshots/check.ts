/** Whether servers have opened what was restored. */
import type { Snapshot } from '../../../preload/contract/snapshots.ts';
import { NoodleError } from '../../errors.ts';
import type { CheckHost } from './host.ts';
import type { Steps } from './steps.ts';

/**
 * Each store is asked as its real user, and what it holds is counted. Fewer or more than the manifest says is told
 * and no failure: it was counted before the pause. A store that held something and is empty now is one.
 */
export async function checkRestored(
  host: CheckHost,
  snapshot: Snapshot,
  services: readonly string[],
  steps: Steps,
  signal: AbortSignal,
): Promise<Versions> {
  const versions = await checkOpened(host, services, signal);
  const states = await host.states(signal);
  signal.throwIfAborted();
  for (const { service, store } of snapshot.services) {
    if (!store || !services.includes(service)) continue;
    const now = states.find((state) => state.service === service);
    if (!now || now.state === 'unreachable') {
      throw new NoodleError({
        code: 'service-unhealthy',
        what: `${service} does not answer on the restored data.`,
        why: now?.problem?.what,
        todo: 'Read its log for the cause.',
        command: `noodlebox logs ${service} --stack ${host.stack}`,
      });
    }
    const told = differences(store.counts, now.counts);
    if (total(store.counts) > 0 && total(now.counts) === 0) {
      throw new NoodleError({
        code: 'service-unhealthy',
        what: `${service} opened the restored data and finds nothing in them.`,
        why: `The snapshot held: ${told.join(', ')}.`,
        todo: 'Use another snapshot.',
        command: 'noodlebox snapshot list',
      });
    }
    if (told.length > 0) steps.notice('info', `${service}, counted before the pause and now: ${told.join(', ')}.`);
  }
  return versions;
}

/** Of the servers that were asked, by service. */
export type Versions = ReadonlyMap<string, string>;

/** Each is asked as its real user, and no more than that. */
export async function checkOpened({ definition, verify }: CheckHost, services: readonly string[], signal: AbortSignal): Promise<Versions> {
  const stores = services.filter((service) => definition.services[service]?.kind);
  return new Map(await Promise.all(stores.map(async (service) => [service, await verify(service, signal)] as const)));
}

type Counts = readonly { readonly name: string; readonly rows: number }[];

export function differences(then: Counts, now: Counts): readonly string[] {
  const names = [...new Set([...then, ...now].map(({ name }) => name))];
  const rows = (counts: Counts, name: string) => counts.find((count) => count.name === name)?.rows ?? 0;
  return names
    .filter((name) => rows(then, name) !== rows(now, name))
    .map((name) => `${name} ${rows(then, name).toLocaleString('en')} → ${rows(now, name).toLocaleString('en')}`);
}

function total(counts: Counts): number {
  return counts.reduce((sum, { rows }) => sum + rows, 0);
}
