/** What the parts of the native runtime share: this machine's folders and the servers it can run. */
import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import { NoodleError } from '../../errors.ts';
import type { ServiceSpec } from '../spec.ts';
import { type StackPlaces, stackPlaces } from './places.ts';
import type { FoundServer, NativeServer, ServerPlaces } from './server.ts';

export interface Machine {
  /** The data home. */
  readonly home: string;
  readonly places: ServerPlaces;
  servers(kind: ServiceKindName): Promise<NativeServer>;
}

export function placesOf(machine: Machine, stack: string): StackPlaces {
  return stackPlaces(machine.home, stack);
}

/** @throws NoodleError server-missing for a container of an unknown kind */
export async function serverOf(machine: Machine, spec: ServiceSpec): Promise<NativeServer> {
  if (spec.kind) return machine.servers(spec.kind);
  throw new NoodleError({
    code: 'server-missing',
    what: `${spec.name} cannot run without a container engine.`,
    why: `Noodlebox knows no program of this machine for the image ${spec.image}.`,
    todo: 'Start a container engine, or leave the service out.',
  });
}

/** @throws NoodleError server-missing */
export async function foundServer(machine: Machine, server: NativeServer): Promise<FoundServer> {
  const found = await server.find(machine.places);
  if (found) return found;
  throw new NoodleError({
    code: 'server-missing',
    what: `${server.title} is not on this machine.`,
    todo: 'Install it.',
    command: `noodlebox servers install ${server.kind}`,
  });
}
