/**
 * Bundles made into stacks. What an import is making stands in the home before any of it is there, so that whatever
 * ends it, the next command finds it and takes it all away; once the stack is whole that note goes, and it stays.
 */
import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { BundleAbout, BundleService } from '../../preload/contract/bundles.ts';
import type { RuntimeKind } from '../../preload/contract/models.ts';
import type { BundleSource, NewStack } from '../backup/bundles/import.ts';
import { asNoodleError, NoodleError } from '../errors.ts';
import { isMissing, readJson, writeFileAtomic } from '../home/files.ts';
import { type Lock, takeLock } from '../home/lock.ts';
import type { SpoolFolder } from '../home/spool-folder.ts';
import { isTaken, writeStackRecord } from '../home/stack-record.ts';
import type { Definition } from '../runtime/spec.ts';
import { kindOf } from '../services/registry.ts';
import { mustStandApart } from '../stack/apart.ts';
import { stackName } from '../stack/definition/definition.ts';
import { serviceOf } from '../stack/order.ts';
import type { CoreContext, StackContext } from './context.ts';
import type { RunOptions } from './core.ts';
import { connectionNow } from './fill.ts';
import { openStack } from './open.ts';
import { createStack } from './stack.ts';

interface Note {
  readonly stack: string;
  readonly runtime: RuntimeKind;
  /** The compose file, absolute; null: Noodlebox's own. */
  readonly file: string | null;
}

interface Wanted {
  readonly stack: string;
  readonly runtime: 'auto' | RuntimeKind;
  readonly file?: string;
  /** A compose file itself. It comes alone, and is kept with the stack. */
  readonly compose?: string;
  readonly install: boolean;
}

/** @throws NoodleError conflict, archive-*, wrong-passphrase, data-version, not-supported-by-server …; nothing is left then */
export async function importBundle(
  core: CoreContext,
  spool: SpoolFolder,
  from: BundleSource,
  asked: Wanted,
  run: RunOptions,
): Promise<BundleAbout> {
  const { checkBundle, checkTargets, fillStack } = await import('../backup/bundles/import.ts');
  mustBeName(asked.stack);
  const lock = await takeLock(join(core.paths.imports, asked.stack, lockName), `import of ${asked.stack}`, 'stack-busy');
  try {
    const wanted = await withOwnFile(core, asked);
    await mustBeFree(core, wanted);
    const about = await checkBundle(from, run);
    const before = await openStack(core, { stack: wanted.stack, runtime: wanted.runtime, file: wanted.file });
    checkTargets(about, newStack(before, createStack(before, spool), wanted));
    await before.runtime.close();
    const note: Note = { stack: wanted.stack, runtime: before.runtime.kind, file: before.record.file };
    await writeFileAtomic(noteOf(core, wanted.stack), JSON.stringify(note), 0o600);
    try {
      await writeStackRecord(core.paths, wanted.stack, { runtime: note.runtime, file: note.file, ports: {}, filled: 'bundle' });
      // Ports that the environment names are those of another stack: this one takes what is free.
      const context = { ...(await openStack(core, { stack: wanted.stack, runtime: note.runtime })), exactPorts: new Set<number>() };
      const stack = createStack(context, spool);
      try {
        await fillStack(from, about, newStack(context, stack, wanted), run);
      } finally {
        await stack.close();
      }
    } catch (error) {
      await takeAway(core, spool, note).catch((left: unknown) => {
        const { what } = asNoodleError(left).problem;
        run.onEvent({
          type: 'notice',
          level: 'warn',
          message: `What the import had made could not be cleared away (${what}): the next command does.`,
        });
        throw error;
      });
      throw error;
    }
    // From here on it is a stack like any other.
    await rm(noteOf(core, wanted.stack));
    return about;
  } catch (error) {
    throw asked.compose === undefined ? error : inItsWords(error, core.paths.compose(asked.stack));
  } finally {
    await forget(core, asked.stack, lock);
  }
}

/** Kept with the stack that is to be: who has given it has named no place for it. @throws NoodleError conflict */
async function withOwnFile(core: CoreContext, wanted: Wanted): Promise<Wanted> {
  if (wanted.compose === undefined) return wanted;
  if (isTaken(core.paths, wanted.stack)) throw taken(wanted.stack);
  const file = core.paths.compose(wanted.stack);
  await writeFileAtomic(file, wanted.compose, 0o600);
  return { ...wanted, file };
}

/** Nobody knows where it is kept. */
function inItsWords(error: unknown, file: string): NoodleError {
  const { problem } = asNoodleError(error);
  const said = (text: string | undefined) => text?.replaceAll(file, () => basename(file));
  return new NoodleError({ ...problem, what: said(problem.what)!, why: said(problem.why), todo: said(problem.todo) }, { cause: error });
}

const noteOf = (core: CoreContext, stack: string) => join(core.paths.imports, stack, 'import.json');
const lockName = 'import.lock';

/** @returns what was done, in words */
export async function clearImports(core: CoreContext, spool: SpoolFolder): Promise<readonly string[]> {
  const told: string[] = [];
  for (const name of await foldersIn(core.paths.imports)) {
    const lock = await takeLock(join(core.paths.imports, name, lockName), 'recovery', 'stack-busy').catch((error: unknown) => {
      // It is still at work.
      if (asNoodleError(error).code !== 'stack-busy') throw error;
    });
    if (!lock) continue;
    let cleared = false;
    try {
      const note = await readJson(noteOf(core, name), asNote);
      if (note.state === 'broken') told.push(`${noteOf(core, name)} cannot be understood (${note.why}): what it tells of was left alone.`);
      if (note.state === 'read') {
        await takeAway(core, spool, note.value);
        told.push(`The import of ${note.value.stack} had been cut off: what there was of it was cleared away.`);
      }
      cleared = note.state !== 'broken';
    } catch (error) {
      told.push(`The import of ${name} had been cut off, and could not be cleared away yet: ${asNoodleError(error).problem.what}`);
    } finally {
      await (cleared ? forget(core, name, lock) : lock.release());
    }
  }
  return told;
}

/** May be cut off and done again. */
async function takeAway(core: CoreContext, spool: SpoolFolder, { stack: name, runtime, file }: Note): Promise<void> {
  // Its own compose file goes last: without it all else is gone already.
  if (file !== core.paths.compose(name) || existsSync(file)) {
    const context = await openStack(core, { stack: name, runtime, ...(file === null ? {} : { file }) });
    const stack = createStack(context, spool);
    try {
      await stack.down({ volumes: true, snapshot: false }, { signal: new AbortController().signal, onEvent: () => {} });
    } finally {
      await stack.close();
    }
  }
  await rm(core.paths.stack(name), { recursive: true, force: true });
  await rm(noteOf(core, name), { force: true });
}

/** A folder in which a note is left stays: somebody has to see to it. What lies beside no stack is nobody's. */
async function forget(core: CoreContext, name: string, lock: Lock): Promise<void> {
  const left = existsSync(noteOf(core, name));
  if (!left && !isTaken(core.paths, name)) {
    await rm(core.paths.compose(name), { force: true });
    await rmdir(core.paths.stack(name)).catch(() => {});
  }
  await lock.release();
  if (!left) await rm(join(core.paths.imports, name), { recursive: true, force: true });
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function asNote(value: unknown): Note {
  const { stack, runtime, file } = (value ?? {}) as Partial<Record<keyof Note, unknown>>;
  if (typeof stack !== 'string' || !stackName.test(stack)) throw new Error('"stack" must be a name');
  if (runtime !== 'docker' && runtime !== 'native') throw new Error('"runtime" must be "docker" or "native"');
  if (file !== null && typeof file !== 'string') throw new Error('"file" must be a path or null');
  return { stack, runtime, file };
}

/** Before it becomes a folder's name. */
function mustBeName(name: string): void {
  if (stackName.test(name)) return;
  throw new NoodleError({
    code: 'bad-argument',
    what: `${JSON.stringify(name)} cannot be a stack's name.`,
    why: 'A name is made of lower-case letters, digits, - and _, and starts with a letter or a digit.',
  });
}

function taken(stack: string): NoodleError {
  return new NoodleError({
    code: 'conflict',
    what: `There is a stack ${stack} already.`,
    why: 'A bundle becomes a stack of its own: what is in another is never touched.',
    todo: 'Give another name.',
  });
}

/** @throws NoodleError conflict, definition-* */
async function mustBeFree(core: CoreContext, { stack, runtime, file, compose }: Wanted): Promise<void> {
  if (isTaken(core.paths, stack)) throw taken(stack);
  const context = await openStack(core, { stack, runtime, file });
  try {
    mustStandApart(context.definition, [], context.runtime.kind);
    if (compose !== undefined) mustStandAlone(context.definition);
    const { instances, volumes } = await context.runtime.observe(context.definition);
    if (instances.length > 0 || volumes.length > 0) throw taken(stack);
  } finally {
    await context.runtime.close();
  }
}

/** Files that lay beside it did not come along, and what lies beside it here is the stack's own. @throws NoodleError definition-invalid */
function mustStandAlone({ file, services }: Definition): void {
  const beside = Object.values(services).flatMap(
    ({ name, mounts }) =>
    mounts.flatMap((mount) => (mount.type === 'bind' && !relative(dirname(file), mount.source).startsWith('..') ? [`${name} binds ${relative(dirname(file), mount.source) || '.'}`] : [])), // biome-ignore format: one line
  );
  if (beside.length === 0) return;
  throw new NoodleError({
    code: 'definition-invalid',
    what: 'This compose file needs files that lie beside it.',
    why: `${beside.join(', ')}: a window gives the file alone.`,
    todo: 'Import the bundle on the command line, with --file.',
  });
}

function newStack(context: StackContext, stack: ReturnType<typeof createStack>, { install }: Wanted): NewStack {
  return {
    up: (services, run) => stack.up(services, { seed: false, install }, run),
    target(wanted) {
      const spec = context.definition.services[targetOf(context, wanted)]!;
      const kind = kindOf(wanted.kind);
      const connection = () => connectionNow(context, serviceOf(context.definition, spec.name));
      return {
        service: spec.name,
        title: kind.title,
        versioned: kind.dataVersion !== undefined,
        image: spec.image,
        version: async (signal) => (await (await kind.access()).verify(await connection(), signal)).version,
        loader: async (index) => (await kind.access()).portionLoader(await connection(), wanted.service, index),
      };
    },
  };
}

/** The service of that name and kind, else the only one of that kind. @throws NoodleError not-supported-by-server */
function targetOf(context: StackContext, { service, kind }: BundleService): string {
  const names = Object.values(context.definition.services).flatMap((spec) => (spec.kind === kind ? [spec.name] : []));
  if (names.includes(service)) return service;
  if (names.length === 1) return names[0]!;
  throw new NoodleError({
    code: 'not-supported-by-server',
    what: `The bundle holds ${kindOf(kind).title} as ${service}, and the new stack has ${names.length === 0 ? 'none' : `several: ${names.join(', ')}`}.`,
    todo: 'Give a compose file that has it (--file).',
  });
}
