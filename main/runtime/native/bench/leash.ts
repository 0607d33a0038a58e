/** Programs that end when this process does, however it ends: a server that recovers beside the real one must not outlive who watches it. */
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { limits } from '../../../limits.ts';
import { killChildren } from '../run-command.ts';

export interface Leashed {
  readonly code: number;
  readonly stdout: string;
  /** The end of its standard error. */
  readonly complaint: string;
}

/**
 * A pipe is held open as long as this process lives. Who reads from it is told of the end, and asks the program to
 * end as well.
 */
const leash = `end=$1; shift
"$@" 3<&- & program=$!
{ read -r over; kill -"$end" "$program"; } <&3 2>/dev/null & watcher=$!
wait "$program"; code=$?
kill "$watcher" 2>/dev/null
exit "$code"`;

/** @throws the signal's reason when aborted: nothing of it runs any more then */
export async function runLeashed(
  [command, ...args]: readonly [string, ...string[]],
  options: {
    readonly env: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
    /** Default: `/`. */
    readonly cwd?: string;
    /** The program is asked to end, as it is when this process ends, and waited for. */
    readonly enough?: AbortSignal;
    /** What it is asked with; default: INT, on which a PostgreSQL closes its files. A Java does not hear that from a shell. */
    readonly endSignal?: 'INT' | 'TERM';
    readonly printed?: (text: string) => void;
    readonly heard?: (text: string) => void;
  },
): Promise<Leashed> {
  const { signal, enough, endSignal = 'INT', env, cwd = '/', printed, heard } = options;
  signal.throwIfAborted();
  const posix = process.platform !== 'win32';
  const [file, argv] = posix ? ['/bin/sh', ['-c', leash, 'noodlebox', endSignal, command, ...args]] : [command, args];
  const child = spawn(file, argv, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', ...(posix ? (['pipe'] as const) : [])],
    detached: posix,
    windowsHide: true,
  });
  let stdout = '';
  let complaint = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    if (stdout.length < limits.commandOutputBytes) stdout += text;
    printed?.(text);
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-limits.commandTailBytes);
    heard?.(text);
  });
  const held = child.stdio[3] as Writable | undefined;
  held?.on('error', () => {});
  const stop = () => {
    if (child.pid !== undefined) killChildren(child.pid);
  };
  signal.addEventListener('abort', stop, { once: true });
  enough?.addEventListener('abort', () => held?.destroy(), { once: true });
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve(status ?? 128));
    });
    signal.throwIfAborted();
    return { code, stdout, complaint };
  } finally {
    signal.removeEventListener('abort', stop);
    held?.destroy();
  }
}
