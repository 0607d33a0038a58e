/** The command as a script runs it. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../bin/noodlebox.mjs', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** With `--json`: an object a line of what it printed, and the last of them. */
  readonly lines: Record<string, unknown>[];
  readonly result: Record<string, unknown> | undefined;
}

/** Runs it to its end; nobody is there to be asked. */
export async function noodlebox(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  const child = begun(args, env);
  const [[code], stdout, stderr] = await Promise.all([once(child, 'close') as Promise<[number]>, text(child.stdout), text(child.stderr)]);
  const lines = args.includes('--json')
    ? stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    : [];
  return { code, stdout, stderr, lines, result: lines.at(-1) };
}

/** Runs it until it prints what fits, and ends it in that very moment, as `kill -9` does. */
export async function killedAt(args: readonly string[], env: NodeJS.ProcessEnv, printed: RegExp): Promise<void> {
  const child = begun(args, { ...env, NODE_OPTIONS: `--import ${suicide}`, NOODLEBOX_TEST_KILL_AT: printed.source });
  const [[, signal], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  if (signal !== 'SIGKILL') throw new Error(`It ended before that:\n${stdout}${stderr}`);
}

/** Loaded before the command. A signal from outside might come when it has gone on. */
const suicide = `data:text/javascript,${encodeURIComponent(`
  const at = new RegExp(process.env.NOODLEBOX_TEST_KILL_AT);
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk, ...rest) => {
    if (at.test(String(chunk))) process.kill(process.pid, 'SIGKILL');
    return write(chunk, ...rest);
  };`)}`;

function begun(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [script, ...args], { env: { ...env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
}
