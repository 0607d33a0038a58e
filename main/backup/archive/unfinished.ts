/**
 * Files that are being written, named after the process that does: what a killed one leaves beside its target can be told
 * from what another still writes, also on a folder that machines share and when a pid is another's by now.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { startOf } from '../../runtime/native/process.ts';

/** @param name of the file that it will be */
export async function unfinishedName(name: string): Promise<string> {
  return `.${name}.${process.pid}-${marked(hostname())}-${marked(await ownStart())}-${randomBytes(2).toString('hex')}.unfinished`;
}

/** Removes what processes of this machine that have ended left of files of these names. What the system keeps stays, and hinders nobody. */
export async function clearUnfinished(folder: string, isMeant: (name: string) => boolean): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const writer = entry.isFile() ? writerOf(entry.name) : undefined;
    if (writer && isMeant(writer.of) && (await hasEnded(writer))) await rm(join(folder, entry.name), { force: true }).catch(() => {});
  }
}

interface Writer {
  readonly of: string;
  readonly pid: number;
  readonly host: string;
  readonly start: string;
}

function writerOf(name: string): Writer | undefined {
  const [, of, pid, host, start] = /^\.(.+)\.(\d+)-([0-9a-f]{8})-([0-9a-f]{8})-[0-9a-f]{4}\.unfinished$/.exec(name) ?? [];
  return of === undefined ? undefined : { of, pid: Number(pid), host: host!, start: start! };
}

/** Of another machine, or where the system does not tell when a process began, nothing can be known. */
async function hasEnded({ pid, host, start }: Writer): Promise<boolean> {
  if (host !== marked(hostname()) || start === marked('')) return false;
  const now = await startOf(pid);
  return now === undefined || marked(now) !== start;
}

let own: Promise<string> | undefined;
function ownStart(): Promise<string> {
  own ??= startOf(process.pid).then((start) => start ?? '');
  return own;
}

function marked(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
