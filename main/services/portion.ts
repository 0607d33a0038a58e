/**
 * What a bundle asks of one store: the part of it that some ids reach, or all of it, read without writing anything, and
 * loaded into an empty store of the same kind. Each service folder implements it (`main/services/<kind>/portion/`).
 */
import type { Readable } from 'node:stream';
import type { ServiceTools } from '../runtime/tools.ts';
import type { StoreCount } from './seed-target.ts';

export interface PortionOptions {
  readonly signal: AbortSignal;
  /** Somebody else's server: statements have a time-out there, and what has no index is not read without end. */
  readonly foreign: boolean;
  /** The server's own programs. */
  readonly tools: ServiceTools;
}

export interface PortionSource {
  readonly version: string;
  /** Places that rules may name, and what is known of their fields. */
  outline(signal: AbortSignal): Promise<readonly PlaceOutline[]>;
  /** What a store that knows references reaches from given ids; undefined: it knows none, and finds ids where they stand. */
  reach?(wanted: ReachWanted, work: PortionWork): Promise<Reached>;
  /**
   * Writes its parts and says how to load them.
   * @param ids what to take; undefined: everything
   */
  read(ids: ReadonlySet<string> | undefined, to: PortionSink, work: PortionWork): Promise<PortionResult>;
  close(): Promise<void>;
}

/** A table, key pattern, collection, topic or measurement. */
export interface PlaceOutline {
  readonly place: string;
  /** undefined: its fields are not declared anywhere */
  readonly fields: readonly FieldOutline[] | undefined;
}

export interface FieldOutline {
  readonly name: string;
  /** As the server names it. */
  readonly type: string;
  readonly shape: 'text' | 'json' | 'uuid' | 'other';
  /** The most characters; undefined: as many as one likes. */
  readonly most: number | undefined;
  readonly nullable: boolean;
  /** Alone tells a row from all others. */
  readonly unique: boolean;
  /** Fields elsewhere, as `place.field`, that hold the same values: what is done to one is to be done to the other. */
  readonly joins: readonly string[];
}

export interface ReachWanted {
  /** `id`, or `table:id` where ids of several tables are alike. */
  readonly ids: readonly string[];
  readonly references: readonly DeclaredReference[];
  /** Also references that are only told by a column's name, such as `user_id`. */
  readonly guess: boolean;
  /** Rows that refer to those wanted: of all tables, or of these. */
  readonly children: 'all' | readonly string[];
  /** The most rows of one table that are taken because they refer to others. */
  readonly limit: number;
}

/** A reference that the store does not know of: `table.column`, or `table.column.path.in.json`. */
export interface DeclaredReference {
  readonly from: string;
  readonly to: string;
  /** Where it is written, for errors. */
  readonly place: string;
}

export interface Reached {
  /** Ids that the other stores are asked for: those given, and of every row that was not only taken because another refers to it. */
  readonly ids: ReadonlySet<string>;
  readonly rows: number;
  readonly cuts: readonly string[];
}

export interface PortionWork {
  readonly signal: AbortSignal;
  progress(current: number, total: number, label: string): void;
}

export interface PortionSink {
  readonly filter: FieldFilter;
  /** Something that whoever uses the bundle should know. */
  notice(text: string): void;
  /** @param name as it stands in the archive below the service: `rows/0.copy` */
  part(name: string): Promise<PartWriter>;
}

export interface PartWriter {
  write(bytes: Buffer | string): Promise<void>;
  end(): Promise<void>;
}

/** Looks at every text that goes into a bundle. */
export interface FieldFilter {
  /**
   * What goes into the bundle in place of a value; null: nothing.
   * @param more.most the most characters it may have @param more.bare a number, true or false in JSON
   */
  value(place: string, field: string, value: string, more?: { readonly most?: number; readonly bare?: boolean }): string | null;
  /** Whether anything of a place is masked: what cannot be looked into there must not go along. */
  masks(place: string): boolean;
  /** Whether it stays as it is and is not looked at either. */
  readonly passesAll: boolean;
}

export interface PortionResult {
  /** What the loader needs to know; JSON. It is checked like anything that comes from outside. */
  readonly index: unknown;
  readonly counts: readonly StoreCount[];
}

export interface PortionLoader {
  /** Stores one part. @throws NoodleError when its name or content is not what the index says */
  load(name: string, content: Readable, work: PortionWork): Promise<void>;
  /** What can only be done when all is there, such as foreign keys. */
  finish(work: PortionWork): Promise<void>;
  /** What is there now, named and ordered as the source's counts were. */
  counts(signal: AbortSignal): Promise<readonly StoreCount[]>;
  close(): Promise<void>;
}
