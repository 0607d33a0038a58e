import type { Core, Stack } from '../../core/core.ts';
import { createCore } from '../../core/create.ts';
import { asNoodleError } from '../../errors.ts';
import type { GlobalOptions } from './main.ts';
import { paint } from './text.ts';

/** Interrupts closer together than this (ms) are one press of Ctrl-C: the terminal tells every process of a chain, and each tells the next. */
const samePress = 300;

/**
 * One command's core: closed when the command ends. The first Ctrl-C cancels the command and lets it end tidily
 * (exit code 1, as for anything that was not done); the second leaves at once.
 */
export async function withCore<T>(act: (core: Core, signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let pressed = 0;
  const interrupt = (): void => {
    const now = performance.now();
    if (abort.signal.aborted && now - pressed > samePress) process.exit(1);
    if (abort.signal.aborted) return;
    pressed = now;
    process.stderr.write('\nStopping; once more ends it at once.\n');
    abort.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  // A reader that has seen enough (`| head`) ends the command, and is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    abort.abort();
  });
  const core = await createCore({
    env: process.env,
    onNotice: (message) => process.stderr.write(`${paint('yellow', '!', process.stderr)} ${message}\n`),
  });
  try {
    return await act(core, abort.signal);
  } finally {
    await core.close();
    for (const signal of signals) process.off(signal, interrupt);
  }
}

type StackAct<T> = (stack: Stack, signal: AbortSignal, core: Core) => Promise<T>;

/** For commands that make a stack when there is none. */
export async function withStack<T>(options: GlobalOptions, act: StackAct<T>): Promise<T> {
  return withCore(async (core, signal) => act(await core.open(await request(core, options)), signal, core));
}

/** For commands on a stack that is there: a name that nothing knows is more likely mistyped than meant. */
export async function withKnownStack<T>(options: GlobalOptions, act: StackAct<T>): Promise<T> {
  return withCore(async (core, signal) => act(await openKnown(core, options), signal, core));
}

async function openKnown(core: Core, options: GlobalOptions): Promise<Stack> {
  const wanted = await request(core, options);
  try {
    return await core.open({ ...wanted, create: false });
  } catch (error) {
    if (asNoodleError(error).code !== 'unknown-stack') throw error;
    // Compose may have made it; and the default stack is there to be looked at from the beginning.
    const mistyped = options.stack !== undefined && !options.file && !(await core.stacks()).some(({ name }) => name === wanted.stack);
    if (mistyped) throw error;
    return core.open(wanted);
  }
}

async function request(core: Core, { stack, runtime, file }: GlobalOptions) {
  return { stack: stack ?? (await core.settings()).stack, runtime, file };
}
