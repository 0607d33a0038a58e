/** Holding a server still: every process of it gets SIGSTOP, which none can refuse, and SIGCONT to go on. */
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { familyOf, standsStill } from './family.ts';
import { type Machine, placesOf } from './machine.ts';
import { instanceFiles } from './places.ts';
import { type ProcessRun, runs, signalProcess } from './process.ts';
import { readPaused, readRun, writeRecord } from './records.ts';

/**
 * The parent first, so that it makes no more children while they are told. Who was told is written down before:
 * should this process and the server be killed now, its children are still found and let go.
 */
export async function pause(machine: Machine, stack: string, service: string): Promise<void> {
  const folder = placesOf(machine, stack).instance(service);
  const run = await readRun(folder);
  if (!run || !(await runs(run))) return;
  if (process.platform === 'win32') {
    throw new NoodleError({
      code: 'not-supported-by-server',
      what: 'Windows gives no way to hold a process still.',
      todo: 'Stop the stack first: a snapshot of a stopped stack needs no pause.',
      command: `noodlebox stop --stack ${stack}`,
    });
  }
  const told = new Map<number, ProcessRun>();
  for (let fresh = await familyOf(run); fresh.length > 0; ) {
    for (const process of fresh) told.set(process.pid, process);
    await writeRecord(instanceFiles(folder).paused, { identity: run.identity, processes: [...told.values()] });
    for (const process of fresh) await signalProcess(process, 'SIGSTOP');
    await allStill(service, fresh);
    fresh = (await familyOf(run)).filter(({ pid }) => !told.has(pid));
  }
}

export async function unpause(machine: Machine, stack: string, service: string): Promise<void> {
  const folder = placesOf(machine, stack).instance(service);
  const paused = await readPaused(folder);
  if (!paused) return;
  const run = await readRun(folder);
  const family = run ? await familyOf(run) : [];
  const all = new Map([...paused.processes, ...family].map((process) => [process.pid, process]));
  // Children first: the parent finds them as they were.
  await Promise.all([...all.values()].reverse().map((process) => signalProcess(process, 'SIGCONT')));
  await rm(instanceFiles(folder).paused, { force: true });
}

async function allStill(service: string, processes: readonly ProcessRun[]): Promise<void> {
  const deadline = Date.now() + limits.pausePatience;
  for (const { pid } of processes) {
    while (!(await standsStill(pid))) {
      if (Date.now() > deadline) {
        throw new NoodleError({
          code: 'service-timeout',
          what: `${service} (process ${pid}) does not stand still.`,
          why: 'The system holds it in a call that cannot be interrupted, as a disk that hangs does.',
        });
      }
      await sleep(1);
    }
  }
}
