/** What snapshots need of the stack they are made of; the core gives it. */

import type { SeedState, TaskEvent } from '../../../preload/contract/models.ts';
import type { Snapshot } from '../../../preload/contract/snapshots.ts';
import type { VolumePlace } from '../../runtime/copies.ts';
import type { Observed, Runtime } from '../../runtime/runtime.ts';
import type { Definition, VolumeSpec } from '../../runtime/spec.ts';
import type { StoreContent } from '../../services/content.ts';
import type { Connection } from '../../services/kind.ts';

/** What is asked of servers that have opened restored data. */
export interface CheckHost {
  readonly stack: string;
  readonly definition: Definition;
  /** What each store holds; one that does not answer says so. */
  states(signal: AbortSignal): Promise<readonly SeedState[]>;
  /** One round trip to a service as its real user. @returns the server's version @throws NoodleError wrong-password, service-unreachable */
  verify(service: string, signal: AbortSignal): Promise<string>;
  /** Has servers let go of what they keep on their disks and need no more. What they refuse is no error. */
  letGo(services: readonly string[], signal: AbortSignal): Promise<void>;
  /** All that a store holds, to be read. The caller closes it. @throws NoodleError service-unreachable */
  content(service: string): Promise<StoreContent>;
}

export interface SnapshotHost extends CheckHost {
  readonly runtime: Runtime;
  /** sha256 by service. */
  readonly specHashes: Readonly<Record<string, string>>;
  /** The folder of all snapshots of this stack. */
  readonly folder: string;

  /** Versions of servers, as far as they are known, by service. */
  versions(): Promise<ReadonlyMap<string, string>>;
  /** Brings services up, as `up` does, and fills nothing. */
  up(services: readonly string[], run: Run): Promise<void>;
  /** Stops services and what depends on them. */
  stop(services: readonly string[], run: Run): Promise<void>;
  /** Whether no stack, here or on the runtime, has this name. @throws NoodleError bad-argument for what is no name */
  isFreeName(name: string): Promise<boolean>;
  /**
   * Makes a second stack known, with the definition and passwords of this one and ports of its own. It has no data yet
   * and nothing runs. The caller closes it.
   */
  beside(name: string, snapshot: string): Promise<BesideStack>;
  /** Ends and deletes a second stack, whatever there is of it. None is no error. */
  removeBeside(name: string, run: Run): Promise<void>;
}

/** A second stack beside the first, on the same runtime. */
export interface BesideStack extends CheckHost {
  /** Brings services up and fills nothing. */
  up(services: readonly string[], run: Run): Promise<void>;
  /** Ends its services; their volumes stay. */
  end(run: Run): Promise<void>;
  connection(service: string): Promise<Connection>;
  close(): Promise<void>;
}

export interface Run {
  readonly signal: AbortSignal;
  readonly onEvent: (event: TaskEvent) => void;
}

/** Volumes of the definition that there are. */
export function volumesThere(definition: Definition, observed: Observed): readonly VolumeSpec[] {
  return Object.values(definition.volumes).filter(({ external, name }) => !external && observed.volumes.includes(name));
}

/** Services that mount a volume. */
export function mountingServices(definition: Definition, key: string): readonly string[] {
  return Object.values(definition.services)
    .filter(({ mounts }) => mounts.some((mount) => mount.type === 'volume' && mount.source === key))
    .map(({ name }) => name);
}

/** Services whose data a snapshot holds, as the stack is defined now. */
export function servicesIn({ definition }: Pick<SnapshotHost, 'definition'>, { volumes }: Pick<Snapshot, 'volumes'>): readonly string[] {
  return [...new Set(volumes.flatMap(({ key }) => mountingServices(definition, key)))];
}

export function live(volume: VolumeSpec): VolumePlace {
  return { kind: 'live', volume };
}

/** A volume as it is kept in a set: under the name it had then, whatever the definition says today. */
export function kept(set: string, { key, name }: { readonly key: string; readonly name: string }): Extract<VolumePlace, { kind: 'kept' }> {
  return { kind: 'kept', set, volume: { key, name, external: false, labels: {} } };
}

/** Where the data of a snapshot are, and those that they would take the place of. */
export function placesOf(
  { definition }: Pick<SnapshotHost, 'definition'>,
  { id, volumes }: Pick<Snapshot, 'id' | 'volumes'>,
): readonly VolumePlace[] {
  return volumes.flatMap((volume) => {
    const now = Object.hasOwn(definition.volumes, volume.key) ? definition.volumes[volume.key]! : undefined;
    return [kept(id, volume), ...(now ? [live(now)] : [])];
  });
}
