import { link, mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ErrorCode, NoodleError } from '../errors.ts';
import { isMissing } from './files.ts';
import { isAlive, processIdentity } from './process-identity.ts';

export interface Lock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly identity?: string;
  /** "up", "the app" */
  readonly purpose: string;
  readonly since: number;
}

/**
 * Takes a lock file for this process. One left by a process that is gone is taken over.
 * @throws NoodleError with `code`, naming the holder
 */
export async function takeLock(path: string, purpose: string, code: Extract<ErrorCode, 'home-locked' | 'stack-busy'>): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const identity = processIdentity(process.pid);
  const mine = JSON.stringify({ pid: process.pid, identity, purpose, since: Date.now() } satisfies Holder);
  // A file linked into place appears whole or not at all, and only where none stands.
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(temporary, mine, { mode: 0o600 });
  try {
    for (;;) {
      if (await linked(temporary, path)) return { release: () => releaseIfMine(path, mine) };
      const text = await readFile(path, 'utf8').catch((error: unknown) => (isMissing(error) ? undefined : Promise.reject(error)));
      if (text === undefined) continue;
      const holder = readHolder(text);
      if (holder && isAlive(holder.pid, holder.identity)) throw held(path, holder, code);
      await takeAway(path, text);
    }
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Who holds the lock now; undefined when it is free or its holder is gone. */
export async function lockHolder(path: string): Promise<{ pid: number; purpose: string } | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const holder = readHolder(text);
  return holder && isAlive(holder.pid, holder.identity) ? holder : undefined;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a dead holder's file, unless another process was quicker and the file is a live one by now. */
async function takeAway(path: string, expected: string): Promise<void> {
  const aside = `${path}.stale.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== expected) await linked(aside, path);
  await unlink(aside);
}

async function releaseIfMine(path: string, mine: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === mine) await rm(path, { force: true });
}

function readHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    return typeof holder.pid === 'number' && typeof holder.purpose === 'string' ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function held(path: string, holder: Holder, code: 'home-locked' | 'stack-busy'): NoodleError {
  const since = new Date(holder.since).toISOString();
  return new NoodleError({
    code,
    what: `Another Noodlebox is at work here: ${holder.purpose} (process ${holder.pid}, since ${since}).`,
    why: `It holds ${path}.`,
    todo: 'Wait for it to end, or end it, then try again.',
  });
}
