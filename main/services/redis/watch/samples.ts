/** INFO at a steady pace, kept for charts. */
import type { CacheSample } from '../../../../preload/contract/cache-models.ts';
import { limits } from '../../../limits.ts';
import type { RedisLink } from '../link.ts';
import { parseInfo } from '../verify.ts';

type Info = Readonly<Record<string, string>>;

export class Sampler {
  readonly #link: RedisLink;
  readonly #samples: CacheSample[] = [];
  #last: { readonly time: number; readonly info: Info } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #asking = false;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /** Samples newer than a time (ms). Sampling begins with the first call. */
  async since(time: number): Promise<CacheSample[]> {
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => void this.#take(), limits.cacheSampleInterval);
      this.#timer.unref();
      await this.#take();
    }
    return this.#samples.filter((sample) => sample.time > time);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** While the server is away there is a gap: nothing is made up. */
  async #take(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const info = parseInfo((await this.#link.text('INFO')) ?? '');
      const now = { time: Date.now(), info };
      this.#samples.push(sampleOf(now, this.#last));
      if (this.#samples.length > limits.cacheSamples) this.#samples.shift();
      this.#last = now;
    } catch {
      this.#last = undefined;
    } finally {
      this.#asking = false;
    }
  }
}

/** @param before the sample before; after a restart its counters are larger, and it is not compared */
export function sampleOf({ time, info }: { time: number; info: Info }, before: { time: number; info: Info } | undefined): CacheSample {
  const at = (name: string) => Number(info[name] ?? 0);
  const same = before !== undefined && before.info.run_id === info.run_id;
  const grown = (name: string): number | null => (same ? Math.max(0, at(name) - Number(before.info[name] ?? 0)) : null);
  const seconds = same ? Math.max(0.001, (time - before.time) / 1000) : 1;
  const rate = (name: string): number | null => {
    const more = grown(name);
    return more === null ? null : more / seconds;
  };
  const hits = grown('keyspace_hits');
  const lookups = hits === null ? 0 : hits + (grown('keyspace_misses') ?? 0);
  return {
    time,
    hitRate: lookups === 0 ? null : hits! / lookups,
    memory: at('used_memory'),
    maxmemory: at('maxmemory'),
    fragmentation: at('mem_fragmentation_ratio'),
    commands: rate('total_commands_processed'),
    evicted: rate('evicted_keys'),
    expired: rate('expired_keys'),
    clients: at('connected_clients'),
    keys: Number(/keys=(\d+)/.exec(info.db0 ?? '')?.[1] ?? 0),
    inputBytes: rate('total_net_input_bytes'),
    outputBytes: rate('total_net_output_bytes'),
  };
}
