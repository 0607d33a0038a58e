/** How it is asked whether the servers of a stack have opened their data. */
import type { CheckHost } from '../backup/snapshots/host.ts';
import type { StackContext } from './context.ts';
import { connectionNow, readSeedStates } from './fill.ts';

export function checksOf(context: StackContext): CheckHost {
  const { definition, name } = context;
  return {
    stack: name,
    definition,
    states: (signal) => readSeedStates(context, signal),
    async verify(service, signal) {
      const spec = definition.services[service]!;
      const [{ kindOf }, connection] = await Promise.all([import('../services/registry.ts'), connectionNow(context, spec)]);
      return (await (await kindOf(spec.kind!).access()).verify(connection, signal)).version;
    },
    async letGo(services, signal) {
      const { kindOf } = await import('../services/registry.ts');
      await Promise.all(
        services.map(async (service) => {
          const spec = definition.services[service]!;
          const access = spec.kind && (await kindOf(spec.kind).access());
          if (access?.letGo) await access.letGo(await connectionNow(context, spec), signal).catch(() => signal.throwIfAborted());
        }),
      );
    },
    async content(service) {
      const spec = definition.services[service]!;
      const [{ kindOf }, connection] = await Promise.all([import('../services/registry.ts'), connectionNow(context, spec)]);
      return (await kindOf(spec.kind!).access()).content(connection);
    },
  };
}
