import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ErrorCode, NoodleError } from '../errors.ts';
import { writeFileAtomic } from './files.ts';

export interface Lock {
  release(): Promise<void>;
}

/** Who has the lock, for the others to be told. */
interface Holder {
  readonly pid: number;
  /** "up", "the app" */
  readonly purpose: string;
  /** ms since the epoch */
  readonly since: number;
}

/** SQLITE_BUSY (sqlite3.h): somebody else has the file. */
const busy = 5;

/**
 * Takes a lock for this process. The lock itself is the operating system's, on an empty SQLite file:
 * it goes with the process, however that ends, and never has to be taken over from a dead one.
 * @throws NoodleError with `code`, naming the holder
 */
export async function takeLock(path: string, purpose: string, code: Extract<ErrorCode, 'home-locked' | 'stack-busy'>): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const database = lockedDatabase(path);
  if (!database) throw held(path, await readHolder(path), code);
  const holder: Holder = { pid: process.pid, purpose, since: Date.now() };
  try {
    await writeFileAtomic(holderFile(path), JSON.stringify(holder), 0o600);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    async release() {
      if (!database.isOpen) return;
      await rm(holderFile(path), { force: true });
      database.close();
    },
  };
}

/** @returns undefined when another has it */
function lockedDatabase(path: string): DatabaseSync | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined;
    throw error;
  }
}

function holderFile(path: string): string {
  return `${path}.holder`;
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(holderFile(path), 'utf8')) as Holder;
  } catch {
    // It has just been taken, or is just being given back.
    return undefined;
  }
}

function held(path: string, holder: Holder | undefined, code: 'home-locked' | 'stack-busy'): NoodleError {
  const who = holder ? `${holder.purpose} (process ${holder.pid}, since ${new Date(holder.since).toISOString()})` : 'it has just begun';
  return new NoodleError({
    code,
    what: `Another Noodlebox is at work here: ${who}.`,
    why: `It holds ${path}.`,
    todo: 'Wait for it to end, or end it, then try again.',
  });
}
