/** Runs a command to its end, in a process group of its own that an abort takes away as a whole. */
import { spawn } from 'node:child_process';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** ms; longer counts as failed. */
  readonly timeout?: number;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  /** The end of what it printed, on either stream. */
  readonly tail: string;
}

/** @throws the signal's reason when aborted; an error of the system when it cannot be started */
export async function runCommand([command, ...args]: readonly [string, ...string[]], options: CommandOptions = {}): Promise<CommandResult> {
  const limit = options.timeout === undefined ? [] : [AbortSignal.timeout(options.timeout)];
  const signal = AbortSignal.any([...(options.signal ? [options.signal] : []), ...limit]);
  signal.throwIfAborted();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let stdout = '';
  let tail = '';
  const keep = (text: string) => {
    tail = (tail + text).slice(-limits.commandTailBytes);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (stdout.length < limits.commandOutputBytes) stdout += text;
    keep(text);
  });
  child.stderr.setEncoding('utf8').on('data', keep);
  const stop = () => {
    if (child.pid !== undefined) killChildren(child.pid);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve(status ?? -1));
    });
    signal.throwIfAborted();
    return { code, stdout, tail };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The same, for a command that has to succeed. @throws NoodleError disk-full, or with `code` and the last lines it printed */
export async function mustRun(
  argv: readonly [string, ...string[]],
  failure: { readonly code: 'install-failed' | 'service-exited'; readonly what: string },
  options: CommandOptions = {},
): Promise<string> {
  const result = await runCommand(argv, options).catch((error: unknown) => {
    if (options.signal?.aborted) throw error;
    throw new NoodleError({ ...failure, why: (error as Error).message }, { cause: error });
  });
  if (result.code === 0) return result.stdout;
  const why = result.tail.trim().split('\n').slice(-limits.errorLogLines).join('\n');
  if (/no space left on device|ENOSPC|disk quota exceeded/i.test(result.tail)) {
    throw new NoodleError({
      code: 'disk-full',
      what: `${failure.what} The disk is full.`,
      why,
      todo: 'Free some space, then run the same command again.',
    });
  }
  throw new NoodleError({ ...failure, why: `\`${argv[0]}\` ended with ${result.code}:\n${why}` });
}

/** Ends a process that leads a group, with all in it. */
export function killChildren(leader: number): void {
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
