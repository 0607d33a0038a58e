/** A folder and all in it, copied as it is: by reference where the file system can, else by the bytes. */
import type { Stats } from 'node:fs';
import { chmodSync, constants, copyFileSync, lchownSync, lutimesSync } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, open, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../../../limits.ts';
import type { CopyWork, Needless } from '../../copies.ts';
import { needlessIn } from './needless.ts';
import { inLanes, walk } from './walk.ts';

/**
 * `to` must not be there. Sockets and pipes, which only a running server has, are left out.
 * @param needless what is left out
 * @param pieceFrom bytes; a larger file that cannot be cloned is copied piece by piece
 * @returns bytes that were copied by reference
 * @throws what the system says, ENOSPC among it
 */
export async function copyTree(
  from: string,
  to: string,
  { signal, progress }: CopyWork,
  needless: readonly Needless[] = [],
  pieceFrom: number = limits.copyPieceFrom,
): Promise<number> {
  const folders: { readonly path: string; readonly stats: Stats }[] = [];
  let bytes = 0;
  let shared = 0;
  const told = (more: number) => {
    bytes += more;
    progress(bytes);
  };
  const clones = { possible: true };
  await inLanes(
    limits.copyLanes,
    walk(from, { without: await needlessIn(from, needless) }),
    async ({ path, type, stats }) => {
      signal.throwIfAborted();
      const source = join(from, path);
      const target = join(to, path);
      if (type === 'folder') return void folders.push({ path: target, stats });
      if (type === 'link') {
        await symlink(await readlink(source), target);
        asIts(target, stats);
        return;
      }
      if (await copyContent(source, target, stats, { clones, pieceFrom, signal, told })) shared += stats.size;
      asIts(target, stats);
    },
    async (path) => mkdir(join(to, path), { mode: 0o700 }),
  );
  // From the innermost out: what is put into a folder changes its times, and its permissions may forbid it.
  for (const { path, stats } of folders.reverse()) {
    await chmod(path, stats.mode & 0o7777);
    asIts(path, stats);
  }
  return shared;
}

interface ContentWork {
  readonly clones: { possible: boolean };
  /** A larger file is copied piece by piece. */
  readonly pieceFrom: number;
  readonly signal: AbortSignal;
  readonly told: (bytes: number) => void;
}

/** @returns whether it was by reference */
async function copyContent(
  source: string,
  target: string,
  stats: Stats,
  { clones, pieceFrom, signal, told }: ContentWork,
): Promise<boolean> {
  if (clones.possible && stats.size > 0) {
    try {
      await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
      told(stats.size);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
      // What one file is refused, all are: they lie on one file system.
      clones.possible = false;
    }
  }
  // A clone that was refused may have left an empty file.
  if (stats.size <= Math.min(limits.smallFile, pieceFrom)) {
    copyFileSync(source, target);
    told(stats.size);
  } else if (stats.size <= pieceFrom) {
    await copyWhole(source, target, stats.size, told);
    signal.throwIfAborted();
  } else {
    await copyPieces(source, target, signal, told);
    await chmod(target, stats.mode & 0o7777);
  }
  return false;
}

/** By the system, which need not hand it to us; it cannot be stopped in the middle. */
async function copyWhole(source: string, target: string, size: number, told: (bytes: number) => void): Promise<void> {
  let seen = 0;
  const look = async () => {
    const { size: now } = await lstat(target);
    if (now > seen) told(now - seen);
    seen = Math.max(seen, now);
  };
  const looking = size < limits.copyPiece ? undefined : setInterval(() => void look().catch(() => {}), limits.copyWatch);
  try {
    await copyFile(source, target);
  } finally {
    clearInterval(looking);
  }
  told(size - seen);
  seen = size;
}

async function copyPieces(source: string, target: string, signal: AbortSignal, told: (bytes: number) => void): Promise<void> {
  const from = await open(source, 'r');
  try {
    const to = await open(target, 'w', 0o600);
    try {
      const piece = Buffer.allocUnsafe(limits.copyPiece);
      for (;;) {
        signal.throwIfAborted();
        const { bytesRead } = await from.read(piece, 0, piece.length, null);
        if (bytesRead === 0) return;
        await to.writeFile(piece.subarray(0, bytesRead));
        told(bytesRead);
      }
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

/** Owner (where it is not ourselves) and times. At once: to have it done elsewhere takes ten times as long, and services stand still. */
function asIts(target: string, stats: Stats): void {
  if (stats.uid !== process.geteuid?.() || stats.gid !== process.getegid?.()) {
    lchownSync(target, stats.uid, stats.gid);
    // A change of owner takes the set-id bits away.
    if (!stats.isSymbolicLink() && stats.mode & 0o6000) chmodSync(target, stats.mode & 0o7777);
  }
  lutimesSync(target, stats.atime, stats.mtime);
}
