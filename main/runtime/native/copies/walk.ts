/** Folders from the outside in, and work on what is in them side by side. */
import { closeSync, openSync, readSync, type Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Needless } from '../../copies.ts';

export interface Found {
  /** In the folder, with `/` between its parts; the folder itself is `.`. */
  readonly path: string;
  readonly type: 'file' | 'folder' | 'link';
  readonly stats: Stats;
}

/** The folder itself first, and each folder before what is in it. Sockets, pipes, devices and what is needless are passed over. */
export async function* walk(root: string, needless: readonly Needless[] = [], at = '.'): AsyncGenerator<Found> {
  const folder = join(root, at);
  const rules = needless.filter((rule) => rule.folder === at);
  yield { path: at, type: 'folder', stats: await lstat(folder) };
  const names = (await readdir(folder)).sort();
  for (const name of names) {
    const path = at === '.' ? name : `${at}/${name}`;
    const stats = await lstat(join(folder, name));
    if (stats.isDirectory()) yield* walk(root, needless, path);
    else if (stats.isFile()) {
      if (!rules.some((rule) => rule.isNeedless(name, stats.size, headOf(join(folder, name), rule.head))))
        yield { path, type: 'file', stats };
    } else if (stats.isSymbolicLink()) yield { path, type: 'link', stats };
  }
}

/** At once: services stand still meanwhile, and to have it done elsewhere takes longer. */
function headOf(path: string, bytes: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(bytes);
    return head.subarray(0, readSync(file, head, 0, bytes, 0));
  } finally {
    closeSync(file);
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
