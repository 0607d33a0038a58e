/** CPU and memory of each server: its process and all that descend from it. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { limits } from '../../limits.ts';
import type { StatsSample } from '../runtime.ts';
import type { Machine } from './machine.ts';
import { observeAll } from './observe.ts';
import { readStat } from './process.ts';

/** Rounds in which nothing runs give nothing. */
export async function* stats(machine: Machine, stack: string, signal: AbortSignal): AsyncGenerator<readonly StatsSample[]> {
  let before: Round | undefined;
  while (!signal.aborted) {
    const now = await measure(machine, stack);
    const samples = before ? samplesBetween(before, now) : [];
    if (samples.length > 0) yield samples;
    await pause(before ? limits.statsInterval : limits.firstSample, undefined, { signal }).catch(() => undefined);
    before = now;
  }
}

interface Usage {
  /** Seconds of CPU since each process began, summed. */
  readonly cpuSeconds: number;
  /** bytes */
  readonly memory: number;
}

interface Round {
  /** ms, of a clock that only goes forward */
  readonly at: number;
  readonly usage: ReadonlyMap<string, Usage>;
}

function samplesBetween(before: Round, now: Round): readonly StatsSample[] {
  const seconds = (now.at - before.at) / 1000;
  return [...now.usage].flatMap(([service, { cpuSeconds, memory }]) => {
    const last = before.usage.get(service);
    // A child that ended takes its seconds with it: never less than nothing.
    return last ? [{ service, cpu: Math.max(0, cpuSeconds - last.cpuSeconds) / seconds, memory }] : [];
  });
}

async function measure(machine: Machine, stack: string): Promise<Round> {
  const instances = await observeAll(machine, stack).catch(() => []);
  const running = instances.flatMap(({ service, pid }) => (pid === undefined ? [] : [{ service, pid }]));
  const at = performance.now();
  if (running.length === 0) return { at, usage: new Map() };
  const table = process.platform === 'linux' ? await linuxTable() : await psTable();
  const usage = await Promise.all(
    running.map(async ({ service, pid }) => [service, await table.usageOf(familyOf(table.parents, pid))] as const),
  );
  return { at, usage: new Map(usage) };
}

interface ProcessTable {
  /** Parent by pid. */
  readonly parents: ReadonlyMap<number, number>;
  usageOf(pids: readonly number[]): Promise<Usage>;
}

/** The process and its descendants. */
function familyOf(parents: ReadonlyMap<number, number>, root: number): readonly number[] {
  const family = [root];
  const children = Map.groupBy(parents, ([, parent]) => parent);
  for (const pid of family) family.push(...(children.get(pid) ?? []).map(([child]) => child));
  return family;
}

/** USER_HZ: what /proc counts CPU time in; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

async function linuxTable(): Promise<ProcessTable> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = (await Promise.all(pids.map(readStat))).filter((stat) => stat !== undefined);
  const ticks = new Map(stats.map(({ pid, cpuTicks }) => [pid, cpuTicks]));
  return {
    parents: new Map(stats.map(({ pid, parent }) => [pid, parent])),
    async usageOf(family) {
      const memories = await Promise.all(family.map(linuxMemory));
      const anonymous = memories.reduce((sum, one) => sum + one.anonymous, 0);
      // Shared memory is the same for all of a server's processes: it counts once.
      const shared = Math.max(...memories.map((one) => one.shared));
      return { cpuSeconds: family.reduce((sum, pid) => sum + (ticks.get(pid) ?? 0), 0) / ticksPerSecond, memory: anonymous + shared };
    },
  };
}

/** Bytes of one process without the page cache (proc(5), status). */
async function linuxMemory(pid: number): Promise<{ anonymous: number; shared: number }> {
  const text = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { anonymous: bytes('RssAnon'), shared: bytes('RssShmem') };
}

async function psTable(): Promise<ProcessTable> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,rss=,time=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const byPid = new Map(
    rows.map(([pid, parent, rss, time]) => [Number(pid), { parent: Number(parent), rss: Number(rss) * 1024, seconds: clock(time!) }]),
  );
  return {
    parents: new Map([...byPid].map(([pid, { parent }]) => [pid, parent])),
    async usageOf(family) {
      const processes = family.flatMap((pid) => byPid.get(pid) ?? []);
      return { cpuSeconds: processes.reduce((sum, one) => sum + one.seconds, 0), memory: processes.reduce((sum, one) => sum + one.rss, 0) };
    },
  };
}

/** `[[days-]hours:]minutes:seconds` as seconds. */
function clock(text: string): number {
  const [days, rest] = text.includes('-') ? text.split('-') : ['0', text];
  return rest!.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
}
