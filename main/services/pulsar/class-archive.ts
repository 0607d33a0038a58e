/**
 * A file of the broker's classes as Java has read and checked them once (class data sharing, JEP 350): with it Pulsar starts
 * with about half the work. It fits one Java and one folder of jars, so its name says which, and what was made for others is never
 * asked for. Java looks for itself whether all of it fits, and goes on without it; but one that was cut off kills it
 * (SIGBUS, seen with 17.0.15), so the name says the length, too.
 */
import { createHash } from 'node:crypto';
import { readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NoodleError } from '../../errors.ts';
import { mustRun } from '../../runtime/native/run-command.ts';
import type { FoundServer } from '../../runtime/native/server.ts';

type Broker = Pick<FoundServer, 'path' | 'interpreter'>;

export function javaOf({ interpreter }: Broker): string {
  return interpreter ?? 'java';
}

/** Java expands it, in the folder's own order. */
export function classPathOf({ path }: Broker): string {
  return join(path, 'lib', '*');
}

/** What Java is told to use the archive with; nothing where there is none for it. */
export async function sharedClasses(broker: Broker): Promise<readonly string[]> {
  const archive = await findArchive(broker);
  // Its content is compared with its checksums: that takes 40 ms of the 3 s that are saved.
  return archive === undefined ? [] : ['-XX:+VerifySharedSpaces', `-XX:SharedArchiveFile=${archive}`];
}

export async function findArchive(broker: Broker): Promise<string | undefined> {
  const folder = dirname(broker.path);
  try {
    const begin = await beginning(broker);
    for (const name of await readdir(folder)) {
      if (!name.startsWith(begin) || !name.endsWith(extension)) continue;
      const path = join(folder, name);
      const { size } = await stat(path);
      if (name === nameOf(begin, size)) return path;
    }
  } catch {
    // What cannot be read is not there: the broker starts without.
  }
  return undefined;
}

/** Takes a file that Java has just written, if Java takes it back; those for other Javas and jars go. @throws NoodleError install-failed */
export async function keepArchive(broker: Broker, made: string, signal: AbortSignal): Promise<void> {
  const failed = { code: 'install-failed' as const, what: 'Java did not write down the classes of Pulsar.' };
  const proof = ['-Xshare:on', '-XX:+VerifySharedSpaces', `-XX:SharedArchiveFile=${made}`, '-cp', classPathOf(broker), '-version'];
  const { size } = await stat(made).catch((cause: unknown) => {
    throw new NoodleError(failed, { cause });
  });
  await mustRun([javaOf(broker), ...proof], failed, { signal });
  const folder = dirname(broker.path);
  const name = nameOf(await beginning(broker), size);
  await rename(made, join(folder, name));
  const others = (await readdir(folder)).filter((one) => one.startsWith(prefix) && one.endsWith(extension) && one !== name);
  for (const other of others) await rm(join(folder, other), { force: true });
}

const prefix = 'classes-';
const extension = '.jsa';

function nameOf(begin: string, bytes: number): string {
  return `${begin}${bytes}${extension}`;
}

/** The part of its name that says which Java and which jars. */
async function beginning(broker: Broker): Promise<string> {
  const java = await realpath(javaOf(broker));
  const lib = join(broker.path, 'lib');
  const jars = (await readdir(lib)).toSorted().map((name) => join(lib, name));
  const stamps = await Promise.all([java, ...jars].map(stampOf));
  return `${prefix}${createHash('sha256').update(stamps.join('\n')).digest('hex').slice(0, 16)}-`;
}

async function stampOf(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${path} ${size} ${mtimeMs}`;
}
