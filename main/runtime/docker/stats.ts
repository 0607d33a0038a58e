/**
 * CPU and memory. Each round asks for one sample a running container (`one-shot`, engine 20.10) and
 * compares it with the last: half the engine's work of its one-second streams, and containers that
 * come and go need no following.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../../limits.ts';
import type { StatsSample } from '../runtime.ts';
import type { EngineClient } from './engine/client.ts';
import { refusedWith } from './engine/refusal.ts';
import { listContainers } from './instances.ts';
import { label } from './names.ts';
import { type CpuReading, cpuReading, cpuShare, type EngineStats, memoryInUse } from './usage.ts';

/** Rounds while the engine is away, or nothing runs, give nothing. */
export async function* stats(engine: EngineClient, stack: string, signal: AbortSignal): AsyncGenerator<readonly StatsSample[]> {
  let before = new Map<string, CpuReading>();
  while (!signal.aborted) {
    const now = new Map<string, CpuReading>();
    const samples: StatsSample[] = [];
    for (const { id, service, sample } of await readAll(engine, stack, signal)) {
      const reading = cpuReading(sample);
      const cpu = cpuShare(before.get(id), reading);
      now.set(id, reading);
      if (cpu !== undefined) samples.push({ service, cpu, memory: memoryInUse(sample) });
    }
    const isFirst = before.size === 0;
    before = now;
    if (samples.length > 0) yield samples;
    await pause(isFirst && now.size > 0 ? limits.firstSample : limits.statsInterval, undefined, { signal }).catch(() => undefined);
  }
}

interface Read {
  readonly id: string;
  readonly service: string;
  readonly sample: EngineStats;
}

async function readAll(engine: EngineClient, stack: string, signal: AbortSignal): Promise<readonly Read[]> {
  try {
    const running = (await listContainers(engine, stack, undefined, signal)).filter(({ State }) => State === 'running');
    const reads = await Promise.all(running.map(({ Id, Labels }) => readOne(engine, Id, Labels[label.service] ?? '', signal)));
    return reads.filter((read) => read !== undefined);
  } catch {
    return [];
  }
}

/** undefined when the container went in between. */
async function readOne(engine: EngineClient, id: string, service: string, signal: AbortSignal): Promise<Read | undefined> {
  const query = { stream: false, 'one-shot': true };
  try {
    return {
      id,
      service,
      sample: await engine.json<EngineStats>({ path: `/containers/${id}/stats`, query, signal, doing: `measure ${service}` }),
    };
  } catch (error) {
    if (refusedWith(error, 404, 409)) return undefined;
    throw error;
  }
}
