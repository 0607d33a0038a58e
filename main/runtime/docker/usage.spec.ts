import { describe, expect, it } from 'vitest';
import { cpuReading, cpuShare, type EngineStats, memoryInUse } from './usage.ts';

describe('CPU', () => {
  it('is the share of one core: four cores at half load are two', () => {
    const before = cpuReading(sample({ used: 1e9, machine: 100e9 }));
    const now = cpuReading(sample({ used: 3e9, machine: 104e9 }));
    expect(cpuShare(before, now)).toBe(2);
  });

  it('goes by the clock where the engine does not count the machine', () => {
    const at = (read: string, used: number) => cpuReading({ ...sample({ used, machine: undefined }), read });
    expect(cpuShare(at('2026-01-01T00:00:00Z', 0), at('2026-01-01T00:00:02.000000000Z', 1e9))).toBeCloseTo(0.5);
  });

  it('is unknown at first, after a restart, and when no time has gone by', () => {
    const reading = cpuReading(sample({ used: 5e9, machine: 100e9 }));
    expect(cpuShare(undefined, reading)).toBeUndefined();
    expect(cpuShare(reading, cpuReading(sample({ used: 1e9, machine: 104e9 })))).toBeUndefined();
    expect(cpuShare(reading, reading)).toBeUndefined();
  });
});

describe('memory', () => {
  it('leaves out the page cache, as cgroup v1 and v2 name it', () => {
    expect(memoryInUse(memory(100, { total_inactive_file: 30, inactive_file: 10 }))).toBe(70);
    expect(memoryInUse(memory(100, { inactive_file: 40 }))).toBe(60);
    expect(memoryInUse(memory(100, { inactive_file: 140 }))).toBe(100);
    expect(memoryInUse({ ...memory(0, {}), memory_stats: {} })).toBe(0);
  });
});

function sample({ used, machine }: { used: number; machine: number | undefined }): EngineStats {
  return {
    read: '2026-01-01T00:00:00Z',
    cpu_stats: { cpu_usage: { total_usage: used }, system_cpu_usage: machine, online_cpus: 4 },
    memory_stats: {},
  };
}

function memory(usage: number, stats: Record<string, number>): EngineStats {
  return { ...sample({ used: 0, machine: 1 }), memory_stats: { usage, stats } };
}
