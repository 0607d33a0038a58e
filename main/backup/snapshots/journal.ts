/**
 * What is being done to a stack, written down before it is done: whoever opens the stack after a kill finds it
 * here, and finishes it or takes it back (`recovery.ts`).
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '../../../preload/contract/snapshots.ts';
import { NoodleError } from '../../errors.ts';
import { readJson, writeFileAtomic } from '../../home/files.ts';

export type Journal = PauseJournal | RestoreJournal | BesideJournal;

/** Services are about to be paused, are, or have just been let go. */
export interface PauseJournal {
  readonly act: 'pause';
  /** The snapshot that is made meanwhile. */
  readonly snapshot: string;
  readonly services: readonly string[];
}

/** A second stack is being made, or is there for a moment only. */
export interface BesideJournal {
  readonly act: 'beside';
  readonly name: string;
  /** The snapshot that its data come from. */
  readonly of: string;
}

/** In this order; each is written before it begins. */
export const restoreSteps = ['staging', 'stopping', 'keeping', 'placing', 'checking', 'settling', 'undone'] as const;
export type RestoreStep = (typeof restoreSteps)[number];

export interface RestoreJournal {
  readonly act: 'restore';
  readonly step: RestoreStep;
  /** The snapshot that is restored. */
  readonly of: string;
  /** The set that the old data are kept in: a snapshot once all has gone well. */
  readonly kept: string;
  /** The set that a copy of the snapshot was made in beforehand; null where copies are made when services have stopped. */
  readonly stage: string | null;
  readonly volumes: readonly RestoredVolume[];
  /** Services that mount these volumes. */
  readonly services: readonly string[];
  /** Those of all services that ran before. */
  readonly ran: readonly string[];
  /** Those that had an instance before, running or not. */
  readonly there: readonly string[];
  /** Whether the file system shares what is copied, as far as that is known: then the old data may share theirs too. */
  readonly sharing?: boolean;
  /** What the manifest of the old data will say. */
  readonly draft: Draft;
}

export interface RestoredVolume {
  readonly key: string;
  /** What it is called now. */
  readonly name: string;
  /** What it was called when the snapshot was made. */
  readonly nameThen: string;
  /** Whether there was a volume before. */
  readonly had: boolean;
}

/** A manifest before what was copied is known. */
export type Draft = Omit<Snapshot, 'volumes' | 'files' | 'seal'>;

function file(folder: string): string {
  return join(folder, 'journal.json');
}

/** @throws NoodleError file-unreadable */
export async function readJournal(folder: string): Promise<Journal | undefined> {
  const read = await readJson(file(folder), asJournal);
  if (read.state === 'missing') return undefined;
  if (read.state === 'read') return read.value;
  throw new NoodleError({
    code: 'file-unreadable',
    what: `${file(folder)} cannot be understood, and it says what a snapshot or restore was doing when it was cut off.`,
    why: read.why,
    todo: 'Run the Noodlebox that wrote it, or mend it.',
  });
}

export async function writeJournal(folder: string, journal: Journal): Promise<void> {
  await writeFileAtomic(file(folder), `${JSON.stringify({ format: 1, ...journal }, null, 2)}\n`, 0o600);
}

export async function removeJournal(folder: string): Promise<void> {
  await rm(file(folder), { force: true });
}

const fields: Readonly<Record<Journal['act'], readonly string[]>> = {
  pause: ['snapshot', 'services'],
  restore: ['step', 'of', 'kept', 'volumes', 'services', 'ran', 'there', 'draft'],
  beside: ['name', 'of'],
};

function asJournal(value: unknown): Journal {
  const journal = value as (Partial<Journal> & { format?: unknown }) | null;
  if (journal?.format !== 1) throw new Error('it is of a format that this Noodlebox does not know');
  const keys = journal.act === undefined ? undefined : fields[journal.act];
  if (!keys) throw new Error(`it tells of "${journal.act}", which this Noodlebox does not know`);
  const missing = keys.find((key) => (journal as Record<string, unknown>)[key] === undefined);
  if (missing) throw new Error(`"${missing}" is missing`);
  return journal as Journal;
}
