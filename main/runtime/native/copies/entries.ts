/** What a folder holds, its content hashed. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { lstat, readlink, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../../../limits.ts';
import type { CopyWork, Needless, VolumeEntry } from '../../copies.ts';
import { openHashers } from './hashing.ts';
import { needlessIn } from './needless.ts';
import { type Found, inLanes, walk } from './walk.ts';

export async function entriesOf(root: string, { signal, progress }: CopyWork): Promise<readonly VolumeEntry[]> {
  const entries: VolumeEntry[] = [];
  let bytes = 0;
  const told = (more: number) => {
    bytes += more;
    progress(bytes);
  };
  const hashers = openHashers(signal);
  const content = async ({ path, type, stats }: Found): Promise<string> => {
    if (type === 'folder') return '';
    if (type === 'link') return readlink(join(root, path));
    if (stats.size > limits.smallFile) return hashers.sha256(join(root, path), told);
    // To hand a small one over takes longer than to read it.
    const text = readFileSync(join(root, path));
    told(text.length);
    return createHash('sha256').update(text).digest('hex');
  };
  try {
    await inLanes(limits.copyLanes, walk(root), async (found) => {
      signal.throwIfAborted();
      const { mode, uid, gid, size } = found.stats;
      entries.push({
        path: found.path,
        type: found.type,
        // A link has no permissions of its own.
        mode: found.type === 'link' ? 0o777 : mode & 0o7777,
        uid,
        gid,
        size: found.type === 'file' ? size : 0,
        content: await content(found),
      });
    });
  } finally {
    await hashers.close();
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Also of what a server works on. */
export async function sizeOf(root: string, needless: readonly Needless[] = []): Promise<number> {
  let bytes = 0;
  const options = { without: await needlessIn(root, needless), alive: true };
  for await (const { type, stats } of walk(root, options)) if (type === 'file') bytes += stats.size;
  return bytes;
}

/** Size, owner, permissions, place on the disk and times of everything, hashed. */
export async function stampOf(root: string, { signal }: CopyWork): Promise<string> {
  const hash = createHash('sha256');
  for await (const { path, type } of walk(root)) {
    signal.throwIfAborted();
    // The folder itself is moved.
    if (path === '.') continue;
    const { ino, mode, uid, gid, size, mtimeNs, ctimeNs } = await lstat(join(root, path), { bigint: true });
    hash.update(`${JSON.stringify(path)} ${type} ${ino} ${mode} ${uid} ${gid} ${size} ${mtimeNs} ${ctimeNs}\n`);
  }
  return hash.digest('hex');
}

/** bytes an ordinary user can still write beside `path` */
export async function freeAt(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
