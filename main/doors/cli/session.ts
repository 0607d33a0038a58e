import type { Core, Stack } from '../../core/core.ts';
import { createCore } from '../../core/create.ts';
import type { GlobalOptions } from './main.ts';
import { paint } from './text.ts';

/** One command's core: closed when the command ends, and cancelled tidily by Ctrl-C. */
export async function withCore<T>(act: (core: Core, signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const interrupt = (): void => {
    if (abort.signal.aborted) process.exit(1);
    process.stderr.write('\nStopping; once more ends it at once.\n');
    abort.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const core = await createCore({
    env: process.env,
    onNotice: (message) => process.stderr.write(`${paint('yellow', '!', process.stderr)} ${message}\n`),
  });
  try {
    return await act(core, abort.signal);
  } finally {
    await core.close();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

export async function withStack<T>(options: GlobalOptions, act: (stack: Stack, signal: AbortSignal, core: Core) => Promise<T>): Promise<T> {
  return withCore(async (core, signal) => {
    const name = options.stack ?? (await core.settings()).stack;
    const stack = await core.open({ stack: name, runtime: options.runtime, file: options.file });
    return act(stack, signal, core);
  });
}
