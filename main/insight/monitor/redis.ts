import { abortable } from '../../services/connect.ts';
import type { Connection } from '../../services/kind.ts';
import { openRedis } from '../../services/redis/client.ts';
import { parseInfo } from '../../services/redis/verify.ts';
import { type Gauges, numbers } from './gauges.ts';

export async function redisGauges(connection: Connection, signal: AbortSignal): Promise<Gauges> {
  const client = await abortable(openRedis(connection, signal), signal);
  return {
    async gauges(stop) {
      const info = parseInfo(await abortable(client.command<string>('INFO'), stop));
      return numbers({
        memory: info.used_memory,
        memory_max: info.maxmemory,
        clients: info.connected_clients,
        commands: info.total_commands_processed,
        hits: info.keyspace_hits,
        misses: info.keyspace_misses,
        evicted: info.evicted_keys,
        expired: info.expired_keys,
        keys: /keys=(\d+)/.exec(info.db0 ?? '')?.[1] ?? 0,
        bytes_in: info.total_net_input_bytes,
        bytes_out: info.total_net_output_bytes,
      });
    },
    close: () => client.close(),
  };
}
