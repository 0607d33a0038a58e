/** What physical backups need of the stack and the service they are of; the core gives it. */
import type { Runtime } from '../../runtime/runtime.ts';
import type { Definition, ServiceSpec } from '../../runtime/spec.ts';
import type { Connection } from '../../services/kind.ts';
import type { SnapshotHost } from '../snapshots/host.ts';

export interface PitrHost {
  readonly stack: string;
  readonly runtime: Runtime;
  readonly definition: Definition;
  readonly spec: ServiceSpec;
  /** The folder of the records of this service's backups. */
  readonly folder: string;
  /** Where the service answers now; undefined while it does not run. */
  connection(): Promise<Connection | undefined>;
  /** What was recovered becomes a snapshot, which the restore of snapshots puts in place. */
  readonly snapshots: SnapshotHost;
}

/** At the end of a folder's name: being made or deleted, and no backup. */
export const unfinished = '.unfinished';

/** Where things are in the depot. */
export function depotPlaces(depot: string) {
  return {
    base: `${depot}/base`,
    backup: (id: string) => `${depot}/base/${id}`,
    unfinished: (id: string) => `${depot}/base/${id}${unfinished}`,
    wal: `${depot}/wal`,
    line: (id: string) => `${depot}/wal/${id}`,
  };
}
