/** Starts a server that outlives this process and is never unknown to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { constants as os } from 'node:os';
import { NoodleError } from '../../errors.ts';
import { instanceFiles } from './places.ts';
import { type ProcessRun, startOf } from './process.ts';
import { type RunRecord, readExitCode, readRun, writeRecord } from './records.ts';
import type { Launch, ServerPlaces } from './server.ts';

/**
 * The shell that waits to be told that its pid is written down, and only then becomes the server.
 * When Noodlebox is killed before that, the pipe ends and so does the shell: no server ever runs unrecorded.
 */
export const waitThenExec = 'umask 077; read -r recorded && exec "$@" </dev/null';

/** @returns once the process is recorded and has been let go */
export async function spawnServer(folder: string, launch: Launch, program: string, env: ServerPlaces['env']): Promise<RunRecord> {
  const files = instanceFiles(folder);
  const child = await startChild(files.log, launch, env);
  const pid = child.pid!;
  const identity = await startOf(pid);
  if (identity === undefined) throw new NoodleError({ code: 'service-exited', what: `${program} ended as soon as it was started.` });
  const run: RunRecord = {
    pid,
    identity,
    startedAt: Date.now(),
    program,
    argv: [launch.command, ...launch.args],
    stopSignal: launch.stopSignal,
  };
  children.set(identity, { child, end: watchEnd(child, folder, run) });
  await writeRecord(files.run, run);
  child.stdin?.end('recorded\n');
  child.unref();
  return run;
}

async function startChild(log: string, launch: Launch, env: ServerPlaces['env']): Promise<ChildProcess> {
  const output = await open(log, 'a', 0o600);
  try {
    return await startWith(output.fd, launch, env);
  } finally {
    await output.close();
  }
}

/** @param output where both of its streams go */
async function startWith(output: number, launch: Launch, env: ServerPlaces['env']): Promise<ChildProcess> {
  const posix = process.platform !== 'win32';
  const [command, args] = posix
    ? ['/bin/sh', ['-c', waitThenExec, 'noodlebox', launch.command, ...launch.args]]
    : [launch.command, [...launch.args]];
  const child = spawn(command as string, args as string[], {
    cwd: launch.cwd,
    env: { ...inherited(env), ...launch.env },
    // A session and process group of its own: the terminal's Ctrl-C is not for it.
    detached: true,
    stdio: [posix ? 'pipe' : 'ignore', output, output],
    windowsHide: true,
  });
  // The shell may be gone before it is told; its exit says so.
  child.stdin?.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return child;
}

/** What a server or its tools need of this process's environment: nothing that could hold a secret, or name another server. */
export function inherited(env: ServerPlaces['env']): Record<string, string> {
  const names = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'SystemRoot', 'TEMP'];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** Those that this process started, and how they end. */
const children = new Map<string, { readonly child: ChildProcess; readonly end: Promise<number> }>();

/**
 * How a run that is over has ended, as a container engine tells it: 128 + the signal's number for one
 * that was killed; undefined when nobody saw it end.
 */
export async function exitCodeOf(folder: string, run: ProcessRun): Promise<number | undefined> {
  const own = children.get(run.identity);
  if (!own) return readExitCode(folder, run);
  // Its end is about to be told: this process must live to hear it.
  own.child.ref();
  return own.end;
}

function watchEnd(child: ChildProcess, folder: string, run: RunRecord): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const exitCode = code ?? 128 + (signal ? os.signals[signal] : 0);
      resolve(exitCode);
      void recordEnd(folder, run, exitCode);
    });
  });
}

/** For whoever looks later; an instance that was removed meanwhile stays removed. */
async function recordEnd(folder: string, run: RunRecord, exitCode: number): Promise<void> {
  try {
    const last = await readRun(folder);
    if (last?.identity === run.identity) await writeRecord(instanceFiles(folder).ended, { identity: run.identity, exitCode });
  } catch {
    // Only how it ended is lost; that it ended is seen by looking.
  }
}
