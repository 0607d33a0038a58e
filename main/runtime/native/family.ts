/** A server and all processes it started, however they left its group: PostgreSQL's each lead one of their own. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { type ProcessRun, runs, startOf } from './process.ts';

interface Relative {
  readonly pid: number;
  readonly parent: number;
}

/** The process and its descendants that run now; nothing when it is gone. */
export async function familyOf(root: ProcessRun): Promise<readonly ProcessRun[]> {
  if (!(await runs(root))) return [];
  const family = await Promise.all(descendants(await allProcesses(), root.pid).map(async (pid) => ({ pid, identity: await startOf(pid) })));
  return [root, ...family.filter((run): run is ProcessRun => run.identity !== undefined)];
}

/** Pids below `root`, children before grandchildren. */
export function descendants(all: readonly Relative[], root: number): readonly number[] {
  const found = [root];
  for (const parent of found) {
    for (const { pid, parent: its } of all) if (its === parent && !found.includes(pid)) found.push(pid);
  }
  return found.slice(1);
}

/** Whether every thread of a process stands still. Elsewhere than on Linux the system tells only of the process. */
export async function standsStill(pid: number): Promise<boolean> {
  if (process.platform === 'linux') return threadStates(pid).every(isStopped);
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() === '' || isStopped(stdout.trim()[0]!);
}

/** Stopped by a signal or a debugger, or over. */
function isStopped(state: string): boolean {
  return state === 'T' || state === 't' || state === 'Z' || state === 'X';
}

/** One look at the whole of /proc, all at once: a service is held still only while this is read. */
async function allProcesses(): Promise<readonly Relative[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
    return stdout.split('\n').flatMap((line) => {
      const [pid, parent] = line.trim().split(/\s+/).map(Number);
      return pid && parent !== undefined ? [{ pid, parent }] : [];
    });
  }
  return readdirSync('/proc').flatMap((name) => {
    const parent = /^\d+$/.test(name) ? afterName(`/proc/${name}/stat`)?.[1] : undefined;
    return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent) }];
  });
}

function threadStates(pid: number): readonly string[] {
  try {
    const folder = `/proc/${pid}/task`;
    return readdirSync(folder).map((thread) => afterName(`${folder}/${thread}/stat`)?.[0] ?? 'X');
  } catch {
    return [];
  }
}

/** The fields of a stat file (proc(5)) from the third on: state, parent … */
function afterName(path: string): readonly string[] | undefined {
  try {
    const text = readFileSync(path, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ', 2);
  } catch {
    return undefined;
  }
}
