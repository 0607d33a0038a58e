import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { RuntimeKind } from '../../preload/contract/models.ts';
import { NoodleError } from '../errors.ts';
import { isMissing, type JsonFile, readJson, writeFileAtomic } from './files.ts';
import type { HomePaths } from './paths.ts';

/** What Noodlebox remembers of a stack. */
export interface StackRecord {
  /** Where it runs; kept, so that a stack does not wander when an engine comes or goes. */
  readonly runtime: RuntimeKind;
  /** The compose file, absolute; null: Noodlebox's own, wherever it is installed. */
  readonly file: string | null;
  /** Host ports by `service:containerPort`. */
  readonly ports: Readonly<Record<string, number>>;
  /** For a branch: the snapshot, and the stack, that its data were copied from. */
  readonly branchOf?: BranchOf;
  /** Its data came from a bundle: `up` adds none of its own. */
  readonly filled?: 'bundle';
}

export interface BranchOf {
  readonly stack: string;
  readonly snapshot: string;
}

/** Secrets by compose variable. */
export type Credentials = Readonly<Record<string, string>>;

export async function readStackRecord(paths: HomePaths, stack: string): Promise<StackRecord | undefined> {
  return understood(await readJson(paths.record(stack), asRecord), paths.record(stack));
}

export async function writeStackRecord(paths: HomePaths, stack: string, record: StackRecord): Promise<void> {
  await writeFileAtomic(paths.record(stack), `${JSON.stringify(record, null, 2)}\n`, 0o600);
}

export async function readCredentials(paths: HomePaths, stack: string): Promise<Credentials | undefined> {
  return understood(await readJson(paths.credentials(stack), asStrings), paths.credentials(stack));
}

export async function writeCredentials(paths: HomePaths, stack: string, credentials: Credentials): Promise<void> {
  await writeFileAtomic(paths.credentials(stack), `${JSON.stringify(credentials, null, 2)}\n`, 0o600);
}

/**
 * Whether there is a stack of that name, or something left of one that is worth keeping. A folder alone is none: a schedule or a
 * lock may have made it again when its stack was gone.
 */
export function isTaken(paths: HomePaths, stack: string): boolean {
  return [paths.record, paths.snapshots, paths.backups, paths.pitr].some((pathOf) => existsSync(pathOf(stack)));
}

/** The stacks this home knows, by name: those that something was done with, and not only tried. */
export async function knownStacks(paths: HomePaths): Promise<readonly string[]> {
  try {
    const entries = await readdir(paths.stacks, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory() && existsSync(paths.record(entry.name)));
    return names.map((entry) => entry.name).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** A record or credentials that cannot be understood are never replaced: the data they belong to would be locked out. */
function understood<T>(file: JsonFile<T>, path: string): T | undefined {
  switch (file.state) {
    case 'missing':
      return undefined;
    case 'read':
      return file.value;
    case 'broken':
      throw new NoodleError({
        code: 'file-unreadable',
        what: `${path} cannot be understood.`,
        why: file.why,
        todo: 'Mend the file, or move it away to have it made anew (new passwords will not open old volumes).',
      });
  }
}

function asRecord(value: unknown): StackRecord {
  const record = asObject(value);
  if (record.runtime !== 'docker' && record.runtime !== 'native') throw new Error('"runtime" must be "docker" or "native"');
  if (record.file !== null && typeof record.file !== 'string') throw new Error('"file" must be a path or null');
  const ports = asObject(record.ports);
  for (const [name, port] of Object.entries(ports)) {
    if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65_535) throw new Error(`"ports.${name}" must be a port`);
  }
  return {
    runtime: record.runtime,
    file: record.file,
    ports: ports as Record<string, number>,
    ...(record.branchOf === undefined ? {} : { branchOf: asBranch(record.branchOf) }),
    ...(record.filled === 'bundle' ? { filled: 'bundle' as const } : {}),
  };
}

function asBranch(value: unknown): BranchOf {
  const { stack, snapshot } = asStrings(value);
  if (stack === undefined || snapshot === undefined) throw new Error('"branchOf" must name a stack and a snapshot');
  return { stack, snapshot };
}

function asStrings(value: unknown): Credentials {
  const strings = asObject(value);
  for (const [name, text] of Object.entries(strings)) if (typeof text !== 'string') throw new Error(`"${name}" must be a string`);
  return strings as Record<string, string>;
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('an object was expected');
  return value as Record<string, unknown>;
}
