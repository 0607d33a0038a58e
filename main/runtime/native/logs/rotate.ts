/**
 * How much of a log is kept. A stopped server's log that has grown past `limits.nativeLogBytes` is
 * moved aside at the next start, and the one before it goes. A running server holds its log open, so
 * its file cannot be moved; its older part is given back to the disk instead (a hole: the offsets of
 * what stays do not change, no line written meanwhile is lost). That needs Linux and `fallocate`;
 * elsewhere a log is bounded at each start alone.
 */
import { rename, stat } from 'node:fs/promises';
import { isMissing } from '../../../home/files.ts';
import { limits } from '../../../limits.ts';
import { instanceFiles } from '../places.ts';
import { runCommand } from '../run-command.ts';

/** Only while the server does not run. */
export async function rotateLog(folder: string): Promise<void> {
  const { log, oldLog } = instanceFiles(folder);
  const file = await stat(log).catch(missing);
  if (file && file.size > limits.nativeLogBytes) await rename(log, oldLog);
}

/** Gives the part of a running server's log that is no longer read back to the disk. */
export async function trimLog(folder: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const { log } = instanceFiles(folder);
  const file = await stat(log).catch(missing);
  if (!file || file.blocks * statBlock < 2 * limits.nativeLogBytes) return;
  const hole = firstKept(file.size);
  // A file system without holes keeps the whole log until the next start.
  await runCommand(['fallocate', '--punch-hole', '--offset', '0', '--length', String(hole), log]).catch(() => undefined);
}

/** Offset from which a log of this size is read. */
export function firstKept(size: number): number {
  return Math.max(0, size - limits.nativeLogBytes);
}

/** The unit of `stat.blocks`, whatever the disk's own is (stat(2)). */
const statBlock = 512;

function missing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
