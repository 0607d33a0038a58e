/**
 * How the content of one kind of server is carried off and brought back, so that any server of the kind can take it:
 * another version, another runtime, another machine. Each service folder implements it (`main/services/<kind>/dump`);
 * `main/backup/dumps` decides.
 *
 * Bringing back is in two steps: `stage` makes all of it ready beside what is there and touches nothing of that; `swap`
 * puts it in place. A swap that was cut off is gone on with from its record, however often, and so ends well or not at all.
 */
import type { ServiceTools } from '../runtime/tools.ts';
import type { Connection } from './kind.ts';

export interface DumpPlace {
  readonly connection: Connection;
  readonly tools: ServiceTools;
}

/** One countable thing of a store: a table, a database of keys, a collection, a bucket, a topic. */
export interface DumpCount {
  readonly name: string;
  readonly count: number;
  /**
   * Of the content, whatever the order it is read in, where reading it gives one (hex): equal content has equal
   * checksums. null: `compare` has another way.
   */
  readonly checksum: string | null;
  /** Fewer of them later is no loss: they expire. */
  readonly fleeting?: boolean;
}

export interface DumpFacts {
  readonly counts: readonly DumpCount[];
  /** What could not be kept, in words. */
  readonly notes: readonly string[];
}

type Content = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
/** Takes one part; the next is begun when it has returned. */
export type PutPart = (name: string, content: Content) => Promise<unknown>;

export interface DumpPart {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
}

export interface StageOptions {
  /** Letters and digits: goes into the names of what is made. */
  readonly id: string;
  /** A folder of its own, for stores that have no room beside what is there. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface Staged {
  /** What `swap` needs to know, as JSON: it is written down in between. */
  readonly record: unknown;
  /** Of what was made ready; null where that is known only when it is in place. */
  readonly counts: readonly DumpCount[] | null;
  readonly notes: readonly string[];
}

export interface StoreDumper {
  /** What is there, quickly: sizes without checksums, for words about what would be lost. */
  counts(place: DumpPlace, signal: AbortSignal): Promise<readonly DumpCount[]>;
  /** @throws NoodleError of the store */
  dump(place: DumpPlace, put: PutPart, signal: AbortSignal): Promise<DumpFacts>;
  /** @param parts as `dump` put them, in that order @throws NoodleError; then nothing is left of it once `discard` was called */
  stage(place: DumpPlace, parts: AsyncIterable<DumpPart>, options: StageOptions): Promise<Staged>;
  /** @param options those that `stage` had */
  swap(place: DumpPlace, record: unknown, options: StageOptions): Promise<void>;
  /** Removes what an unfinished `stage` made; nothing to remove is no error. */
  discard(place: DumpPlace, options: Pick<StageOptions, 'id' | 'signal'>): Promise<void>;
  /**
   * Holds what the store has against the parts of a dump, where counts do not say it.
   * @returns what differs, in words
   */
  compare?(place: DumpPlace, parts: AsyncIterable<DumpPart>, signal: AbortSignal): Promise<readonly string[]>;
}
