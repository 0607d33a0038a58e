/**
 * Copies of whole volumes, kept in sets beside the live ones: what snapshots are made of. As with `Runtime`,
 * each method is one act, and none decides what should be done: that is `main/backup`.
 */
import type { Definition, VolumeSpec } from './spec.ts';

/** Where the content of a volume is: mounted by its service, kept aside in a set, or mounted in another stack. */
export type VolumePlace =
  | { readonly kind: 'live'; readonly volume: VolumeSpec }
  | { readonly kind: 'kept'; readonly set: string; readonly volume: VolumeSpec }
  | { readonly kind: 'beside'; readonly stack: string; readonly volume: VolumeSpec };

/** One thing in a volume, with all that must be the same in a copy of it. */
export interface VolumeEntry {
  /** In the volume, with `/` between its parts; the volume's own folder is `.`. */
  readonly path: string;
  readonly type: 'file' | 'folder' | 'link';
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** bytes; 0 for all but files */
  readonly size: number;
  /** sha256 (hex) of a file's content; where a link leads; empty for a folder. */
  readonly content: string;
}

/** Whether data can change their place by a change of names, and where not, why. */
export type MovesAtOnce = { readonly atOnce: true } | { readonly atOnce: false; readonly why: string };

/** Files right in one folder of a volume that need not be in a copy, because they hold nothing: their server makes such files anew. */
export interface Needless {
  /** With `/` between its parts. */
  readonly folder: string;
  /** bytes of the beginning of a file that tell */
  readonly head: number;
  /** @param size bytes @param head shorter where the file is */
  isNeedless(name: string, size: number, head: Buffer): boolean;
}

export interface VolumeCopies {
  /**
   * Whether what is in these places can be moved without being copied, into a set and back. It may depend on each of
   * them and on who else uses them, so it is looked at anew each time. One that is not there is no hindrance, as long as one is.
   * @throws NoodleError image-unavailable (nothing on the engine to look with)
   */
  movesAtOnce(definition: Definition, places: readonly VolumePlace[]): Promise<MovesAtOnce>;
  /**
   * Opens places of one stack, and of others to copy to. Those that will be written are made where they are not there yet; one that is
   * only read has to be there. The caller closes the room before anything else is done with these volumes.
   * @throws NoodleError not-found, image-unavailable (nothing on the engine to copy with)
   */
  open(definition: Definition, places: OpenPlaces): Promise<CopyRoom>;
  /**
   * The same for moving between these places; sets that are written have to be new.
   * @throws NoodleError as `open` does, and engine-refused where it is not `movesAtOnce`: nothing was moved then
   */
  openMoves(definition: Definition, places: OpenPlaces): Promise<MoveRoom>;
  /** The names of the volumes that a set has, whole or not. */
  kept(stack: string, set: string): Promise<readonly string[]>;
  /** The names of the volumes whose data were moved into a set and are still there. */
  moved(definition: Definition, set: string): Promise<readonly string[]>;
  /** Deletes all that is kept in a set. What still reads or writes it, aside or left by a killed process, ends. */
  removeSet(stack: string, set: string): Promise<void>;
  /** Ends what a killed process may have left at work on copies of this stack, of what is done aside or of all else. */
  clear(stack: string, of?: 'aside'): Promise<void>;
}

export interface OpenPlaces {
  readonly read: readonly VolumePlace[];
  readonly write: readonly VolumePlace[];
  /** For work that goes on beside whatever else is done to the stack, under a lock of its own. */
  readonly aside?: boolean;
}

export interface CopyWork {
  readonly signal: AbortSignal;
  /** @param bytes so far of this act */
  readonly progress: (bytes: number) => void;
}

export interface CopyRoom {
  /** bytes that the files of a place have together, and at least those that a copy would have */
  size(place: VolumePlace, needless?: readonly Needless[]): Promise<number>;
  /** bytes that can still be written where sets are kept */
  free(): Promise<number>;
  /**
   * Makes `to` the same as `from`, whatever was in it. By reference where the file system can.
   * @param needless what is left out, where the runtime can tell it
   * @returns bytes that were copied by reference; undefined where that cannot be known
   * @throws NoodleError disk-full
   */
  copy(from: VolumePlace, to: VolumePlace, work: CopyWork, needless?: readonly Needless[]): Promise<number | undefined>;
  /** Deletes from a place what a copy of it would not have. */
  shed(place: VolumePlace, needless: readonly Needless[]): Promise<void>;
  /** Returns once what was written to these is on the disk. */
  sync(places: readonly VolumePlace[]): Promise<void>;
  /** All that is in a place, by path, its content hashed. */
  entries(place: VolumePlace, work: CopyWork): Promise<readonly VolumeEntry[]>;
  /**
   * Names the state of all that is in a place by what the file system says of it, without reading any content: whoever
   * touches anything in it afterwards gives it another one.
   */
  stamp(place: VolumePlace, work: CopyWork): Promise<string>;
  close(): Promise<void>;
}

export interface MoveRoom {
  /**
   * What is at `from` is at `to` and no longer at `from`, whatever was at `to` is of no more use, and all of that is on the disk. Cut
   * off, it has been done or not; where `to` is in a set, `moved` tells.
   */
  move(from: VolumePlace, to: VolumePlace): Promise<void>;
  close(): Promise<void>;
}
