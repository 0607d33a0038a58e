/**
 * A workbench: a server's own programs at work on folders, beside the server that runs. It has two places: the
 * depot, where what they make for one service is kept for good, and data that are being made and become a copy of a
 * volume. With an engine it is a container of the service's own image, so that the programs are those of the server;
 * natively it is this machine. As with `Runtime`, each method is one act, and none decides what should be done.
 */
import type { VolumePlace } from './copies.ts';
import type { Definition, ServiceSpec } from './spec.ts';
import type { ToolCall } from './tools.ts';

/** In a set of copies: nothing uses it but the bench. */
export type KeptPlace = Extract<VolumePlace, { kind: 'kept' }>;

export interface BenchRequest {
  readonly definition: Definition;
  readonly spec: ServiceSpec;
  /** Data to be made; made empty when they are not there yet. */
  readonly data?: KeptPlace;
  /** Where the service listens, if its programs are to reach it: in its container, and on this machine as it runs now. It has to run then. */
  readonly reaches?: { readonly inside: number; readonly published: number };
}

export interface Bench {
  /** The depot's folder, as programs know it. */
  readonly depot: string;
  /** The data's folder, as programs know it; empty without data. */
  readonly data: string;
  /** A folder of the server's own for sockets and the like, with a short path; it goes with the bench. */
  readonly scratch: string;
  /** Where programs reach the running service. */
  readonly address: { readonly host: string; readonly port: number };
  /** Runs a program to its end. @returns what it printed @throws NoodleError tool-missing, tool-failed, disk-full; the signal's reason */
  run(argv: readonly [string, ...string[]], options: BenchRun): Promise<string>;
  readonly files: BenchFiles;
  /** Ends what still runs. What is in the places stays. */
  close(): Promise<void>;
}

export interface BenchRun extends Pick<ToolCall, 'doing' | 'env'> {
  /** As the user that the server runs as, who owns the data. */
  readonly asServer?: boolean;
  readonly signal: AbortSignal;
  /** What it prints, as it comes. */
  readonly printed?: (text: string) => void;
  /** What it says on its standard error, as it comes. */
  readonly heard?: (text: string) => void;
}

/** Paths are those that programs know; all are below one of the two places. */
export interface BenchFiles {
  /** undefined when it is not there. @param last only so many bytes of its end */
  read(path: string, last?: number): Promise<string | undefined>;
  write(path: string, content: string): Promise<void>;
  /** Names in a folder; none when it is not there. */
  list(path: string): Promise<readonly string[]>;
  /** With all folders on the way. */
  makeFolder(path: string): Promise<void>;
  copy(from: string, to: string): Promise<void>;
  /** Files of one folder into another, under their names. */
  copyAll(folder: string, names: readonly string[], to: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
  /** Whatever it is, and also when it is not there. */
  remove(path: string): Promise<void>;
  /** bytes of a folder and all in it */
  size(path: string): Promise<number>;
  /** bytes that can still be written in the depot */
  free(): Promise<number>;
  /** sha256 (hex) of a file's first bytes; undefined when it is not there. */
  hash(path: string, bytes: number): Promise<string | undefined>;
  /** Makes the data the server's own, readable by it alone. */
  handOver(): Promise<void>;
  /** Returns once what was written is on the disk. */
  sync(): Promise<void>;
}

export interface Benches {
  /** Ends what a killed process left at work at the same bench: there is one at a time for a service. */
  open(request: BenchRequest): Promise<Bench>;
  /** Deletes a service's depot with all that is kept in it. */
  removeDepot(stack: string, service: string): Promise<void>;
}
