/** Which files a copy need not have. */
import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../../home/files.ts';
import type { Needless } from '../../copies.ts';

/** Also of what a server works on: a file that is gone before it was looked at is none. @returns paths in `root`, as `walk` has them */
export async function needlessIn(root: string, rules: readonly Needless[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { folder, head, isNeedless } of rules) {
    // A folder that is a link leads elsewhere, and is no folder of the copy either.
    if (!isFolder(join(root, folder))) continue;
    for (const name of await readdir(join(root, folder))) {
      const file = join(root, folder, name);
      try {
        const stats = lstatSync(file);
        if (stats.isFile() && isNeedless(name, stats.size, headOf(file, head))) found.add(folder === '.' ? name : `${folder}/${name}`);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
  }
  return found;
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
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
