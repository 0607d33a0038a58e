import { limits } from '../limits.ts';
import type { StackContext } from './context.ts';
import { readSeedStates } from './fill.ts';

/** What a destructive act deletes, a line a volume or store: asked of the stores that answer, named by their volumes otherwise. */
export async function lossesOf(context: StackContext, _act: 'reset' | 'down-volumes'): Promise<readonly string[]> {
  const observed = await context.runtime.observe(context.definition);
  const volumes = Object.values(context.definition.volumes).filter((volume) => !volume.external && observed.volumes.includes(volume.name));
  if (volumes.length === 0) return [];
  const states = await readSeedStates(context, AbortSignal.timeout(limits.probeTimeout));
  // A service whose volumes are not there has nothing to lose.
  const keys = new Set(Object.entries(context.definition.volumes).flatMap(([key, volume]) => (volumes.includes(volume) ? [key] : [])));
  const holds = (service: string) =>
    context.definition.services[service]?.mounts.some((mount) => mount.type === 'volume' && keys.has(mount.source)) ?? false;
  const stores = states
    .filter(({ service }) => holds(service))
    .map(({ service, state, counts }) => {
      if (state === 'unreachable') return `${service}: it does not run, so what it holds is not known`;
      const held = counts.filter(({ rows }) => rows > 0).map(({ name, rows }) => `${rows.toLocaleString('en')} ${name}`);
      return `${service}: ${held.length > 0 ? held.join(', ') : 'nothing seeded'}`;
    });
  return [`${volumes.length} volumes: ${volumes.map(({ name }) => name).join(', ')}`, ...stores];
}
