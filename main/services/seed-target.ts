/** What seeding asks of one store. Each service folder implements it (`main/services/<kind>/seed.ts`); `main/seeding` decides. */
import type { ServiceKindName } from '../../preload/contract/index.ts';
import type { Dataset, Sizes } from '../../seeds/generator/dataset.ts';

/** A migration as read from `seeds/<kind>/NNNN_name.*`. */
export interface Migration {
  /** `0001_tables` */
  readonly id: string;
  /** Its path, for errors that name a line. */
  readonly file: string;
  /** sha256 of the file, hex. */
  readonly checksum: string;
  readonly content: string;
}

/** A ledger row, kept in the store itself. `started` without `applied` is a migration that was cut off. */
export interface LedgerEntry {
  readonly id: string;
  readonly checksum: string;
  readonly state: 'started' | 'applied';
  /** ms since the epoch */
  readonly at: number;
}

/** How far the generated data is loaded, kept in the store itself beside the ledger. */
export interface LoadMark {
  readonly scale: number;
  readonly seed: number;
  /** "Now" of the generated data, ms since the epoch: a load that goes on keeps the times it began with. */
  readonly anchor: number;
  /** Names the generator and the cut into batches: a load that another one began cannot be gone on with. */
  readonly generator: string;
  /** Batches committed so far: the next load goes on after them. */
  readonly batches: number;
  /** `clearing`: older data are being deleted before the load begins. */
  readonly state: 'clearing' | 'loading' | 'loaded';
}

/** One named thing that is loaded: a table, key shape, topic, collection or measurement. */
export interface SeedPart {
  readonly name: string;
  readonly items: number;
  /** Items of one batch: small enough that a cancel is felt at once, large enough to be quick. */
  readonly batch: number;
}

/** One batch: items `from` … `to` − 1 of a part. */
export interface SeedSlice {
  readonly part: string;
  readonly from: number;
  readonly to: number;
}

export interface SeedTarget {
  readonly kind: ServiceKindName;
  ledger(): Promise<readonly LedgerEntry[]>;
  /** Applies one migration and writes its ledger row: in one transaction where the store has them, else `started`, the work (repeatable), `applied`. */
  migrate(migration: Migration, signal: AbortSignal): Promise<void>;
  loadMark(): Promise<LoadMark | undefined>;
  setLoadMark(mark: LoadMark): Promise<void>;
  /** What data of these sizes come to in this store, in the order of loading. */
  parts(sizes: Sizes): readonly SeedPart[];
  /**
   * Loads one batch by the store's bulk way, then keeps `mark`, in one transaction where the store has them.
   * A batch that was cut off, or whose mark was, and is loaded again is there once.
   */
  load(dataset: Dataset, slice: SeedSlice, mark: LoadMark): Promise<void>;
  /**
   * Deletes the data in what seeding fills. Its schema stays, or is made again from the migrations, all of
   * which have been applied. May be cut off and run again.
   */
  clear(migrations: readonly Migration[], signal: AbortSignal): Promise<void>;
  /** Exact counts, in the order of stack.md; nothing where there is no schema yet. */
  counts(signal: AbortSignal): Promise<readonly StoreCount[]>;
  close(): Promise<void>;
}

export interface StoreCount {
  readonly name: string;
  readonly rows: number;
}
