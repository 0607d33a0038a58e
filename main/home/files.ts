import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { NoodleError } from '../errors.ts';

/**
 * Replaces a file as a whole: a reader, or a kill at any point, sees the old content or the new.
 * Folders on the way are made, readable by their owner only.
 */
export async function writeFileAtomic(path: string, content: string | Buffer, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.new`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A file's text, or undefined when there is none. @throws NoodleError file-unreadable */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new NoodleError(
      {
        code: 'file-unreadable',
        what: `${path} cannot be read.`,
        why: (error as Error).message,
        todo: 'Check who owns the file and its permissions.',
      },
      { cause: error },
    );
  }
}

export type JsonFile<T> =
  | { readonly state: 'missing' }
  | { readonly state: 'read'; readonly value: T }
  | { readonly state: 'broken'; readonly why: string };

/** Reads and checks a JSON file; a broken one is told, and left where it is. @throws NoodleError file-unreadable when the system refuses */
export async function readJson<T>(path: string, check: (value: unknown) => T): Promise<JsonFile<T>> {
  const text = await readText(path);
  if (text === undefined) return { state: 'missing' };
  try {
    return { state: 'read', value: check(JSON.parse(text)) };
  } catch (error) {
    return { state: 'broken', why: (error as Error).message };
  }
}

/** What a text says; undefined where it is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Moves a broken file out of the way, under a name that says when, so that nothing of it is lost. */
export async function keepAside(path: string): Promise<string> {
  const aside = `${path}.unreadable-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  await rename(path, aside);
  return aside;
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
