/** Processes of this machine: told apart from later ones of the same pid, asked whether they run, signalled. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { limits } from '../../limits.ts';

/** One run of a process: the pid alone may be another's by now. */
export interface ProcessRun {
  readonly pid: number;
  /** See `startOf`. */
  readonly identity: string;
}

/**
 * When the process with this pid started, as a text to compare; undefined when there is none, or only
 * its remains. Linux: clock ticks since boot and the boot's id (proc(5), stat field 22). Elsewhere: `ps`.
 */
export async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readStat(pid);
    return stat && !(isOver(stat.state) && stat.threads <= 1) ? `${await bootId()}:${stat.startTicks}` : undefined;
  }
  if (process.platform === 'win32') return windowsStart(pid);
  // In the words and the zone of no place, or the same start would read differently elsewhere.
  const options = { env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], options).catch(() => ({ stdout: '' }));
  const [state = '', ...start] = stdout.trim().split(/\s+/);
  return state === '' || isOver(state[0]!) ? undefined : start.join(' ');
}

export async function runs({ pid, identity }: ProcessRun): Promise<boolean> {
  return (await startOf(pid)) === identity;
}

/** Signals that very process; nothing when it is gone. */
export async function signalProcess(run: ProcessRun, signal: NodeJS.Signals): Promise<void> {
  if (await runs(run)) send(run.pid, signal);
}

/** Kills the process and the group it leads. Only for processes that were started as leaders of a group. */
export async function killGroup(run: ProcessRun): Promise<void> {
  if (await runs(run)) send(process.platform === 'win32' ? run.pid : -run.pid, 'SIGKILL');
}

/** @returns whether it was gone within `patience` (ms) */
export async function goneWithin(run: ProcessRun, patience: number, signal?: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + patience;
  while (await runs(run)) {
    if (Date.now() >= deadline) return false;
    await sleep(limits.processPoll, undefined, { signal });
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The fields of /proc/<pid>/stat that matter here (proc(5)); times in clock ticks. */
export interface ProcStat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly cpuTicks: number;
  readonly threads: number;
  readonly startTicks: number;
}

export async function readStat(pid: number): Promise<ProcStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  if (text === undefined) return undefined;
  // The command's name stands in parentheses and may hold spaces: fields count from after it, where field 3 is the first.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return { pid, state: fields[0]!, parent: field(4), cpuTicks: field(14) + field(15), threads: field(20), startTicks: field(22) };
}

/** A zombie has run its course; only its parent has not looked yet. (A first thread may end before the others: that is none.) */
function isOver(state: string): boolean {
  return state === 'Z' || state === 'X';
}

let boot: Promise<string> | undefined;
function bootId(): Promise<string> {
  boot ??= readFile('/proc/sys/kernel/random/boot_id', 'latin1').then((text) => text.trim());
  return boot;
}

async function windowsStart(pid: number): Promise<string | undefined> {
  const query = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
  const { stdout } = await promisify(execFile)('powershell', ['-NoProfile', '-Command', query]).catch(() => ({ stdout: '' }));
  return stdout.trim() || undefined;
}
