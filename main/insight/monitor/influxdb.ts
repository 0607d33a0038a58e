import { limits } from '../../limits.ts';
import type { Connection } from '../../services/kind.ts';
import type { Gauges } from './gauges.ts';
import { summed } from './prometheus.ts';

const wanted = {
  memory: { name: 'go_memstats_alloc_bytes' },
  goroutines: { name: 'go_goroutines' },
  queries: { name: 'qc_requests_total' },
  queries_active: { name: 'qc_all_active' },
  query_seconds: { name: 'qc_all_duration_seconds_sum' },
  writes: { name: 'http_write_request_count' },
  bytes_written: { name: 'http_write_request_bytes' },
  requests: { name: 'http_api_requests_total' },
  series: { name: 'storage_bucket_series_num' },
  disk: { name: 'storage_shard_disk_size' },
} as const;

export async function influxdbGauges({ url, parts }: Connection): Promise<Gauges> {
  return {
    async gauges(signal) {
      const stop = AbortSignal.any([signal, AbortSignal.timeout(limits.monitorAnswer)]);
      const answer = await fetch(new URL('/metrics', url), { headers: { authorization: `Token ${parts.token}` }, signal: stop });
      if (!answer.ok) throw new Error(`/metrics answers ${answer.status}`);
      return summed(await answer.text(), wanted);
    },
    close: async () => {},
  };
}
