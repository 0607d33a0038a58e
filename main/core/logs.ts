import { setTimeout as sleep } from 'node:timers/promises';
import type { LogLine } from '../../preload/contract/models.ts';
import { limits } from '../limits.ts';
import { mergeLogs } from '../stack/logs/merge.ts';
import { LogSession } from '../stack/logs/session.ts';
import { withDependencies } from '../stack/order.ts';
import type { StackContext } from './context.ts';
import type { StackLogOptions } from './core.ts';

/** Lines of the chosen services, none chosen: all, merged by time. @throws NoodleError unknown-service */
export async function* stackLogs(context: StackContext, options: StackLogOptions): AsyncGenerator<readonly LogLine[]> {
  const { services } = options;
  // Those that are no longer in the definition, but still there, have a log as well.
  const observed = await context.runtime.observe(context.definition, options.signal);
  const there = observed.instances.map(({ service }) => service);
  const chosen =
    services.length > 0
      ? services.map((name) => withDependencies(context.definition, [name]).at(-1)!.name)
      : Object.keys(context.definition.services);
  const names = options.follow
    ? new Set([...chosen, ...(services.length > 0 ? [] : there)])
    : there.filter((name) => services.length === 0 || chosen.includes(name));
  const sources = [...names].map((name) => (options.follow ? followService(context, name, options) : serviceLines(context, name, options)));
  if (sources.length > 0) yield* mergeLogs(sources);
}

function serviceLines(context: StackContext, service: string, { since, tail, signal }: StackLogOptions): AsyncIterable<readonly LogLine[]> {
  return context.runtime.logs(context.name, service, { since, tail, follow: false, signal });
}

/** Goes on with the next instance when one is removed, and waits for one where there is none. */
async function* followService(
  context: StackContext,
  service: string,
  { since, tail, signal }: StackLogOptions,
): AsyncGenerator<readonly LogLine[]> {
  const { runtime, name } = context;
  let last: number | undefined;
  while (!signal.aborted) {
    if (await runtime.inspect(name, service, signal)) {
      const from = last === undefined ? { since, tail } : { since: last + 1 };
      for await (const batch of runtime.logs(name, service, { ...from, follow: true, signal })) {
        last = batch.at(-1)?.time ?? last;
        yield batch;
      }
    }
    yield [];
    await sleep(limits.logReopen, undefined, { signal }).catch(() => {});
  }
}

/** Follows all services for a window. */
export function openLogSession(context: StackContext, since: number | undefined): LogSession {
  return new LogSession((signal) => stackLogs(context, { services: [], since, follow: true, signal }));
}
