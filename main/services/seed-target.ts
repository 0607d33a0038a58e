/** What seeding asks of one store. Each service folder implements it (`main/services/<kind>/seed.ts`); `main/seeding` decides. */
import type { ServiceKindName } from '../../preload/contract/index.ts';

/** A migration as read from `seeds/<kind>/NNNN_name.*`. */
export interface Migration {
  /** `0001_tables` */
  readonly id: string;
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
  /** Checksum of the generator's version and the kind's loader, so that new generators load anew. */
  readonly generator: string;
  /** Batches committed so far: the next load goes on after them. */
  readonly batches: number;
  readonly state: 'loading' | 'loaded';
}

/** One batch of generated items for one named thing (table, key shape, topic, collection, measurement). */
export interface SeedBatch {
  readonly into: string;
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

export interface SeedTarget {
  readonly kind: ServiceKindName;
  ledger(): Promise<readonly LedgerEntry[]>;
  /** Applies one migration and writes its ledger row: in one transaction where the store has them, else `started`, the work (repeatable), `applied`. */
  migrate(migration: Migration, signal: AbortSignal): Promise<void>;
  loadMark(): Promise<LoadMark | undefined>;
  setLoadMark(mark: LoadMark | undefined): Promise<void>;
  /** Loads one batch by the store's bulk way. Loading the same batch twice must leave it there once (or be told apart by the mark in the same transaction). */
  load(batch: SeedBatch, mark: LoadMark, signal: AbortSignal): Promise<void>;
  /** Deletes what seeding put there: data, not schema. */
  clear(signal: AbortSignal): Promise<void>;
  /** Exact counts, in the order of stack.md. */
  counts(signal: AbortSignal): Promise<readonly { readonly name: string; readonly rows: number }[]>;
  close(): Promise<void>;
}
