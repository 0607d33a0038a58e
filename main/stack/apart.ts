/** Whether a second stack of the same compose file has everything for itself. */
import { NoodleError } from '../errors.ts';
import type { Definition, ServiceSpec } from '../runtime/spec.ts';
import { withDependencies } from './order.ts';

/**
 * Before a stack is made beside another one of the same file (a branch, an import, a trial restore): nothing of what
 * it would run on may be the other's. Natively volumes and networks are each stack's own whatever they are called.
 * @param services of it that will run; none: all @throws NoodleError conflict, naming what both would have
 */
export function mustStandApart(definition: Definition, services: readonly string[], runtime: 'docker' | 'native'): void {
  const specs = withDependencies(definition, services);
  const shared = [...new Set(specs.flatMap((spec) => [...foldersOf(spec), ...(runtime === 'docker' ? namesOf(definition, spec) : [])]))];
  if (shared.length === 0) return;
  throw new NoodleError({
    code: 'conflict',
    what: `A stack beside the one of ${definition.file} would share with it: ${shared.join(', ')}.`,
    why: 'Two servers on the same data destroy them, and on one network each would answer for the other.',
    todo: 'Leave external and names of their own out of its volumes and networks, and let services write to volumes only.',
  });
}

function foldersOf({ mounts }: ServiceSpec): readonly string[] {
  return mounts.flatMap((mount) => (mount.type === 'bind' && !mount.readOnly ? [`the folder ${mount.source}`] : []));
}

function namesOf({ name: stack, volumes, networks }: Definition, { mounts, networks: joined }: ServiceSpec): readonly string[] {
  const own = (part: { readonly key: string; readonly name: string; readonly external: boolean }) =>
    !part.external && part.name === `${stack}_${part.key}`;
  const mounted = mounts.flatMap((mount) => (mount.type === 'volume' ? (volumes[mount.source] ?? []) : []));
  const reached = joined.flatMap((key) => networks[key] ?? []);
  return [
    ...mounted.flatMap((volume) => (own(volume) ? [] : [`the volume ${volume.name}`])),
    ...reached.flatMap((network) => (own(network) ? [] : [`the network ${network.name}`])),
  ];
}
