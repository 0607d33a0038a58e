import type { Connection } from '../../services/kind.ts';
import { fetchPulsar } from '../../services/pulsar/http.ts';
import type { Gauges } from './gauges.ts';
import { summed } from './prometheus.ts';

/** Of all topics together. */
const wanted = {
  messages_in: { name: 'pulsar_in_messages_total' },
  messages_out: { name: 'pulsar_out_messages_total' },
  rate_in: { name: 'pulsar_rate_in' },
  rate_out: { name: 'pulsar_rate_out' },
  bytes_in: { name: 'pulsar_throughput_in' },
  bytes_out: { name: 'pulsar_throughput_out' },
  backlog: { name: 'pulsar_msg_backlog' },
  storage: { name: 'pulsar_storage_size' },
  topics: { name: 'pulsar_topics_count' },
  subscriptions: { name: 'pulsar_subscriptions_count' },
  producers: { name: 'pulsar_producers_count' },
  consumers: { name: 'pulsar_consumers_count' },
  heap: { name: 'jvm_memory_bytes_used', labels: 'area="heap"' },
} as const;

export async function pulsarGauges(connection: Connection): Promise<Gauges> {
  return {
    gauges: async (signal) => summed(await (await fetchPulsar(connection, 'GET', ['metrics'], { signal })).text(), wanted),
    close: async () => {},
  };
}
