import type { LogLine } from '../../preload/contract/models.ts';
import { mergeLogs } from '../stack/logs/merge.ts';
import { LogSession } from '../stack/logs/session.ts';
import { serviceOf } from '../stack/order.ts';
import type { StackContext } from './context.ts';
import type { StackLogOptions } from './core.ts';

/** Lines of the chosen services that have an instance, merged by time. @throws NoodleError unknown-service */
export async function* stackLogs(context: StackContext, options: StackLogOptions): AsyncGenerator<readonly LogLine[]> {
  const { services, ...rest } = options;
  const chosen = new Set(services.map((name) => serviceOf(context.definition, name).name));
  const observed = await context.runtime.observe(context.definition, options.signal);
  const sources = observed.instances
    .filter(({ service }) => chosen.size === 0 || chosen.has(service))
    .map(({ service }) => context.runtime.logs(context.name, service, rest));
  if (sources.length > 0) yield* mergeLogs(sources);
}

/** Follows all services for a window. */
export function openLogSession(context: StackContext, since: number | undefined): LogSession {
  return new LogSession((signal) => stackLogs(context, { services: [], since, follow: true, signal }));
}
