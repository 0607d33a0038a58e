/** Stacks of which nothing is left but what this home remembers of them: only those can be let go of. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { sep } from 'node:path';
import { NoodleError } from '../errors.ts';
import { isMissing } from '../home/files.ts';
import { takeLock } from '../home/lock.ts';
import { knownStacks, readStackRecord, type StackRecord } from '../home/stack-record.ts';
import type { CoreContext } from './context.ts';
import { openRuntime } from './runtimes.ts';

/** What goes with it, in words. @throws NoodleError unknown-stack, conflict naming what is still there, no-engine where that cannot be known */
export async function forgettable(core: CoreContext, name: string): Promise<readonly string[]> {
  const record = await readStackRecord(core.paths, name);
  if (!record) {
    throw new NoodleError({
      code: 'unknown-stack',
      what: `There is no stack "${name}".`,
      todo: 'List those there are.',
      command: 'noodlebox stacks',
    });
  }
  const there = [...(await runningOf(core, name, record)), ...(await keptOf(core, name)), ...(await borrowersOf(core, name))];
  if (there.length > 0) {
    throw new NoodleError({
      code: 'conflict',
      what: `${name} is more than a name: there is something to lose.`,
      why: `Still there: ${there.join('; ')}.`,
      todo: 'Take it down with its data, and delete its snapshots and backups, if they are to go.',
      command: `noodlebox down --volumes --stack ${name}`,
    });
  }
  return [
    'The name, the ports and the passwords of its servers',
    ...(existsSync(core.paths.notebook(name)) ? ['What was run and saved in its panels'] : []),
    ...(existsSync(core.paths.schedule(name)) ? ['Its schedule, and how that went'] : []),
    ...(existsSync(core.paths.compose(name)) ? ['Its compose file'] : []),
  ];
}

/**
 * @param closed lets go of what of it is open in this process: it would write down again what is forgotten
 * @throws NoodleError as `forgettable`; stack-busy
 */
export async function forgetStack(core: CoreContext, name: string, closed: () => Promise<void>): Promise<void> {
  // Asked before the lock, which would make a folder for a stack that is none.
  await forgettable(core, name);
  const lock = await takeLock(core.paths.lock(name), 'forget', 'stack-busy');
  try {
    // Somebody may have begun something with it meanwhile.
    await forgettable(core, name);
    await closed();
    // From here on it is no stack.
    await rm(core.paths.record(name));
  } finally {
    await lock.release();
  }
  await rm(core.paths.stack(name), { recursive: true, force: true });
}

/** By what the runtime has of it, whatever its compose file says now: that may be gone. @throws NoodleError no-engine */
async function runningOf(core: CoreContext, name: string, record: StackRecord): Promise<readonly string[]> {
  const runtime = await openRuntime(core, record.runtime, record.runtime);
  try {
    const { instances, volumes } = await runtime.observe({ name, file: record.file ?? '', services: {}, volumes: {}, networks: {} });
    return [
      ...(instances.length > 0 ? [`services (${instances.map(({ service }) => service).join(', ')})`] : []),
      ...(volumes.length > 0 ? [`volumes with data (${volumes.join(', ')})`] : []),
    ];
  } finally {
    await runtime.close();
  }
}

async function keptOf({ paths }: CoreContext, name: string): Promise<readonly string[]> {
  const [snapshots, backups, pitr, imports] = await Promise.all([
    namesIn(paths.snapshots(name), (entry) => entry.isDirectory()),
    namesIn(paths.backups(name), (entry) => entry.isFile()),
    namesIn(paths.pitr(name), (entry) => entry.isFile(), true),
    namesIn(paths.imports, (entry) => entry.name === name),
  ]);
  return [
    ...(snapshots.length > 0 ? [`snapshots (${snapshots.length})`] : []),
    ...(backups.length > 0 ? ['backups'] : []),
    ...(pitr.length > 0 ? ['backups of PostgreSQL'] : []),
    ...(imports.length > 0 ? ['an import that makes it'] : []),
  ];
}

/** Stacks that were branched from it go on with its compose file. */
async function borrowersOf(core: CoreContext, name: string): Promise<readonly string[]> {
  const folder = `${core.paths.stack(name)}${sep}`;
  const others = (await knownStacks(core.paths)).filter((other) => other !== name);
  const using = await Promise.all(
    others.map(async (other) =>
      (await readStackRecord(core.paths, other).catch(() => undefined))?.file?.startsWith(folder) ? [other] : [],
    ),
  );
  return using.flat().map((other) => `the stack ${other}, which has its compose file`);
}

async function namesIn(
  folder: string,
  wanted: (entry: { readonly name: string; isFile(): boolean; isDirectory(): boolean }) => boolean,
  recursive = false,
): Promise<readonly string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true, recursive })).filter(wanted).map(({ name }) => name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
