/** What backups need of the stack they are of; the core gives it. */
import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import type { RuntimeKind } from '../../../preload/contract/models.ts';
import type { DumpPlace, StoreDumper } from '../../services/dumper.ts';
import type { Run } from '../snapshots/host.ts';

export type { Run };

/** The services of a stack as their content can be reached. */
export interface StoreHost {
  readonly stack: string;
  /** Those that hold something, in the definition's order. */
  readonly stores: readonly Store[];
}

export interface Store {
  readonly service: string;
  readonly kind: ServiceKindName;
  dumper(): Promise<StoreDumper>;
  /** @throws NoodleError service-unreachable when it does not run */
  place(): Promise<DumpPlace>;
  /** The server's own version. @throws NoodleError service-unreachable, wrong-password */
  version(signal: AbortSignal): Promise<string>;
}

export interface BackupHost extends StoreHost {
  readonly runtime: RuntimeKind;
  /** The folder of all backups of this stack. */
  readonly folder: string;
  /** Takes a snapshot of the stack. @returns its id; undefined when there is nothing to keep */
  safety(run: Run): Promise<string | undefined>;
  restoreSnapshot(id: string, run: Run): Promise<void>;
  /** What was learned of these services is not true any more. */
  forget(services: readonly string[]): Promise<void>;
  /**
   * A stack of its own with these services and nothing in them; gone with all it held when `act` has ended.
   * @param id names it
   * @param act is given a folder for files too, which goes with the stack, also when this process is killed
   */
  scratch<T>(id: string, services: readonly string[], run: Run, act: (host: StoreHost, folder: string) => Promise<T>): Promise<T>;
  /** Takes away scratch stacks that a killed process left. */
  removeScratch(run: Run): Promise<void>;
}
