/** What is written down of an instance, so that any later Noodlebox finds it again. Every file is replaced as a whole. */

import { readdir, rm } from 'node:fs/promises';
import { NoodleError } from '../../errors.ts';
import { isMissing, readJson, writeFileAtomic } from '../../home/files.ts';
import type { ServiceSpec } from '../spec.ts';
import { instanceFiles } from './places.ts';
import type { ProcessRun } from './process.ts';

/** What an instance is made of. It holds secrets: the file is its owner's alone. */
export interface InstanceRecord {
  readonly specHash: string;
  readonly spec: ServiceSpec;
  /** Folders of this machine by container path. */
  readonly mounts: readonly { readonly target: string; readonly folder: string }[];
}

/** The last process of an instance. */
export interface RunRecord extends ProcessRun {
  /** ms since the epoch */
  readonly startedAt: number;
  /** "FerretDB 1.24.0" */
  readonly program: string;
  readonly argv: readonly string[];
  readonly stopSignal: NodeJS.Signals;
}

export interface EndRecord {
  readonly identity: string;
  /** As a container engine tells it: 128 + the signal's number for one that was killed. */
  readonly exitCode: number;
}

export interface PausedRecord {
  /** Of the run whose processes these are. */
  readonly identity: string;
  readonly processes: readonly ProcessRun[];
}

export async function readInstance(folder: string): Promise<InstanceRecord | undefined> {
  return read<InstanceRecord>(instanceFiles(folder).instance, ['specHash', 'spec', 'mounts']);
}

export async function readRun(folder: string): Promise<RunRecord | undefined> {
  return read<RunRecord>(instanceFiles(folder).run, ['pid', 'identity', 'startedAt', 'stopSignal']);
}

/** @returns the exit code of that very run, when it is known */
export async function readExitCode(folder: string, run: ProcessRun): Promise<number | undefined> {
  const end = await read<EndRecord>(instanceFiles(folder).ended, ['identity', 'exitCode']);
  return end?.identity === run.identity ? end.exitCode : undefined;
}

export async function wasReady(folder: string, run: ProcessRun): Promise<boolean> {
  const ready = await read<{ identity: string }>(instanceFiles(folder).ready, ['identity']);
  return ready?.identity === run.identity;
}

export async function readPaused(folder: string): Promise<PausedRecord | undefined> {
  return read<PausedRecord>(instanceFiles(folder).paused, ['identity', 'processes']);
}

export async function writeRecord(
  path: string,
  record: InstanceRecord | RunRecord | EndRecord | PausedRecord | { readonly identity: string },
): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(record, null, 2)}\n`, 0o600);
}

/** Names of the services that have an instance. */
export async function listInstances(native: string): Promise<readonly string[]> {
  const entries = await readdir(native, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** What it is made of goes first: a folder without that is no instance, whatever else is left in it. */
export async function deleteInstance(folder: string): Promise<void> {
  await rm(instanceFiles(folder).instance, { force: true });
  // How its process ended may just be being written down.
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

async function read<T>(path: string, keys: readonly (keyof T & string)[]): Promise<T | undefined> {
  const file = await readJson(path, (value) => {
    const record = value as Partial<T> | null;
    const missing = keys.find((key) => record?.[key] === undefined);
    if (missing) throw new Error(`"${missing}" is missing`);
    return record as T;
  });
  if (file.state === 'missing') return undefined;
  if (file.state === 'read') return file.value;
  throw new NoodleError({
    code: 'file-unreadable',
    what: `${path} cannot be understood.`,
    why: file.why,
    todo: 'Move the file away and bring the stack up again. A server that still runs has to be stopped by hand before.',
  });
}
