/** An installation as a list of commands, run one after another in a folder that becomes the server's only when all of them have ended well. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asNoodleError } from '../../../errors.ts';
import { mustRun } from '../run-command.ts';
import type { InstallTask } from '../server.ts';

/** One step: a command, or an act of our own. */
export interface Step {
  /** The command as a person could type it. */
  readonly shown: string;
  run(signal: AbortSignal): Promise<void>;
}

export interface CommandStep {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function command(what: string, { argv, cwd, env }: CommandStep): Step {
  return {
    shown: argv.map(shown).join(' '),
    run: async (signal) => void (await mustRun(argv, { code: 'install-failed', what }, { cwd, env, signal })),
  };
}

/** Runs the steps in a fresh folder beside `target`, then puts what they left in `result` (a folder of it) in its place. */
export async function build(
  target: string,
  steps: (folder: string) => readonly Step[] | Promise<readonly Step[]>,
  result: (folder: string) => string,
  task: InstallTask,
): Promise<void> {
  await inScratch(dirname(target), task.signal, async (folder) => {
    await runSteps(await steps(folder), task);
    await rm(target, { recursive: true, force: true });
    await rename(result(folder), target);
  });
}

/** A fresh folder in `parent`, which goes whatever comes of it. The caller holds the server's lock: what a killed one left goes first. */
export async function inScratch(parent: string, signal: AbortSignal, act: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(parent, { recursive: true });
  await sweep(parent);
  const folder = join(parent, `${partial}${randomBytes(4).toString('hex')}`);
  await mkdir(folder, { mode: 0o700 });
  try {
    await act(folder);
  } catch (error) {
    throw signal.aborted ? signal.reason : asNoodleError(error);
  } finally {
    await removeTree(folder);
  }
}

/** Tells each command, and how long it has taken so far. */
export async function runSteps(steps: readonly Step[], { signal, progress }: InstallTask): Promise<void> {
  for (const [current, step] of steps.entries()) {
    signal.throwIfAborted();
    const began = Date.now();
    const tell = () => progress({ kind: 'steps', current, total: steps.length, label: `${step.shown} (${elapsed(Date.now() - began)})` });
    tell();
    const timer = setInterval(tell, 1_000);
    try {
      await step.run(signal);
    } finally {
      clearInterval(timer);
    }
  }
  progress({ kind: 'steps', current: steps.length, total: steps.length, label: 'installed' });
}

const partial = '.partial-';

/** What a killed installation left: the lock says that none is under way. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) if (name.startsWith(partial)) await removeTree(join(parent, name));
}

async function removeTree(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

function elapsed(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** An argument as a POSIX shell takes it. */
function shown(argument: string): string {
  return /^[\w@%+=:,./*!<>-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
