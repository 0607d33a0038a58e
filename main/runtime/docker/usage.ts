/** What the engine's counters mean (Docker Engine API, ContainerStats; docker/cli, cli/command/container/stats_helpers.go). */

export interface EngineStats {
  /** When it was read, RFC 3339 with nanoseconds. */
  readonly read: string;
  readonly cpu_stats: {
    /** ns of CPU time since the container's start, over all cores */
    readonly cpu_usage: { readonly total_usage: number };
    /** ns of CPU time of the whole machine since its start, over all cores */
    readonly system_cpu_usage?: number;
    readonly online_cpus?: number;
  };
  readonly memory_stats: {
    readonly usage?: number;
    /** cgroup v1 gives `total_inactive_file`, v2 `inactive_file`. */
    readonly stats?: Readonly<Record<string, number>>;
  };
}

export interface CpuReading {
  /** ns */
  readonly used: number;
  /** ns of one core that have gone by: the machine's CPU time over its cores, or the clock where the engine gives no such count. */
  readonly elapsed: number;
}

export function cpuReading({ read, cpu_stats }: EngineStats): CpuReading {
  const { system_cpu_usage, online_cpus, cpu_usage } = cpu_stats;
  const elapsed = system_cpu_usage && online_cpus ? system_cpu_usage / online_cpus : Date.parse(read) * 1e6;
  return { used: cpu_usage.total_usage, elapsed };
}

/** Share of one core between two readings; undefined when they can't be compared (the first, or a restart in between). */
export function cpuShare(before: CpuReading | undefined, now: CpuReading): number | undefined {
  if (!before || now.elapsed <= before.elapsed || now.used < before.used) return undefined;
  return (now.used - before.used) / (now.elapsed - before.elapsed);
}

/** bytes, without the page cache that the kernel would give back */
export function memoryInUse({ memory_stats: { usage = 0, stats = {} } }: EngineStats): number {
  const cache = stats.total_inactive_file ?? stats.inactive_file ?? 0;
  return cache < usage ? usage - cache : usage;
}
