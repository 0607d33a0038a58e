/** Folders from the outside in, and work on what is in them side by side. */
import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../../home/files.ts';

export interface Found {
  /** In the folder, with `/` between its parts; the folder itself is `.`. */
  readonly path: string;
  readonly type: 'file' | 'folder' | 'link';
  readonly stats: Stats;
}

export interface WalkOptions {
  /** Paths that are passed over. */
  readonly without?: ReadonlySet<string>;
  /** Whether a server works on it meanwhile: what is gone before it was looked at is passed over. */
  readonly alive?: boolean;
}

/** The folder itself first, and each folder before what is in it. Sockets, pipes and devices are passed over. */
export async function* walk(root: string, options: WalkOptions = {}, at = '.'): AsyncGenerator<Found> {
  const folder = join(root, at);
  const stats = await unlessGone(lstat(folder), at === '.' ? {} : options);
  if (!stats) return;
  yield { path: at, type: 'folder', stats };
  for (const name of (await namesIn(folder, options)).sort()) {
    const path = at === '.' ? name : `${at}/${name}`;
    if (options.without?.has(path)) continue;
    const found = await unlessGone(lstat(join(folder, name)), options);
    if (found?.isDirectory()) yield* walk(root, options, path);
    else if (found?.isFile()) yield { path, type: 'file', stats: found };
    else if (found?.isSymbolicLink()) yield { path, type: 'link', stats: found };
  }
}

async function namesIn(folder: string, options: WalkOptions): Promise<string[]> {
  return (await unlessGone(readdir(folder), options)) ?? [];
}

async function unlessGone<T>(looking: Promise<T>, { alive = false }: WalkOptions): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (alive && isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Acts on all that is found, some of it at once. `enter` is awaited for each folder before anything in it is
 * acted on. The first error ends it, once what had begun has ended.
 */
export async function inLanes(
  lanes: number,
  all: AsyncIterable<Found>,
  act: (found: Found) => Promise<unknown>,
  enter: (path: string) => Promise<unknown> = async () => {},
): Promise<void> {
  const running = new Set<Promise<unknown>>();
  const failures: unknown[] = [];
  try {
    for await (const found of all) {
      if (failures.length > 0) break;
      if (found.type === 'folder') await enter(found.path);
      const one: Promise<unknown> = act(found)
        .catch((error) => failures.push(error))
        .finally(() => running.delete(one));
      running.add(one);
      if (running.size >= lanes) await Promise.race(running);
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
}
