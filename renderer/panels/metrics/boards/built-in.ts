/** The dashboards that come with Noodlebox: the stack's own measurements, and the five servers themselves. */
import type { Aggregate } from '../../../../preload/contract/index.ts';
import { serviceTitles } from '../../../ui/service-title.ts';
import type { Draw } from '../search.ts';
import type { Board, PinnedChart } from './board.ts';

/** Where the core keeps what it sees of the servers (main/insight/monitor/store.ts). */
export const monitorBucket = 'noodlebox_monitor';

interface Sketch {
  title: string;
  unit?: string;
  aggregate?: Aggregate;
  draw?: Draw;
  fields?: string[];
  group?: string[];
}

/** @param bucket the stack's own */
export function builtInBoards(bucket: string): Board[] {
  const metric = (measurement: string, name: string, sketch: Sketch): PinnedChart => ({
    id: `${measurement}/${name}/${sketch.aggregate ?? 'mean'}/${sketch.draw ?? 'line'}`,
    title: sketch.title,
    unit: sketch.unit,
    view: {
      bucket,
      measurement,
      fields: ['value'],
      filters: [{ key: 'metric_name', values: [name] }],
      group: sketch.group,
      aggregate: sketch.aggregate,
      draw: sketch.draw,
    },
  });
  const server = (measurement: string, fields: string[], sketch: Sketch): PinnedChart => ({
    id: `${measurement}/${fields.join('+')}`,
    title: sketch.title,
    unit: sketch.unit,
    view: { bucket: monitorBucket, measurement, fields, aggregate: sketch.aggregate ?? 'last', draw: sketch.draw },
  });
  return [
    {
      id: 'servers',
      name: 'Servers',
      builtIn: true,
      about: 'What the five servers tell of themselves, looked at every 30 s while Noodlebox is open.',
      charts: [
        server('postgres', ['connections', 'active'], { title: 'PostgreSQL: connections', unit: 'count' }),
        server('postgres', ['commits', 'rollbacks'], { title: 'PostgreSQL: transactions a second', aggregate: 'rate' }),
        server('postgres', ['blocks_hit', 'blocks_read'], {
          title: 'PostgreSQL: blocks a second, from memory and from disk',
          aggregate: 'rate',
        }),
        server('redis', ['memory'], { title: 'Redis: memory', unit: 'bytes' }),
        server('redis', ['commands'], { title: 'Redis: commands a second', aggregate: 'rate' }),
        server('redis', ['hits', 'misses'], { title: 'Redis: hits and misses a second', aggregate: 'rate' }),
        server('pulsar', ['rate_in', 'rate_out'], { title: 'Pulsar: messages a second' }),
        server('pulsar', ['backlog'], { title: 'Pulsar: backlog', unit: 'count' }),
        server('pulsar', ['storage', 'heap'], { title: 'Pulsar: storage and heap', unit: 'bytes' }),
        server('mongodb', ['storage_size', 'index_size'], { title: 'MongoDB: data and indexes', unit: 'bytes' }),
        server('mongodb', ['documents'], { title: 'MongoDB: documents', unit: 'count' }),
        server('influxdb', ['queries', 'writes'], { title: 'InfluxDB: queries and writes a second', aggregate: 'rate' }),
        server('influxdb', ['series'], { title: 'InfluxDB: series', unit: 'count' }),
        ...(['postgres', 'redis', 'pulsar', 'mongodb', 'influxdb'] as const).map((kind) =>
          server(kind, ['answer_ms'], { title: `${serviceTitles[kind]}: time to answer`, unit: 'ms', aggregate: 'mean' }),
        ),
      ],
    },
    {
      id: 'compilation',
      name: 'Compilation',
      builtIn: true,
      about: 'Compilation jobs: how long they take and wait, what they need, what they make.',
      charts: [
        metric('compilation_metrics', 'compile_time_ms', { title: 'Compile time', unit: 'ms', draw: 'band' }),
        metric('compilation_metrics', 'queue_time_ms', { title: 'Time in the queue', unit: 'ms' }),
        metric('compilation_metrics', 'compile_time_ms', { title: 'Jobs compiled', unit: 'count', aggregate: 'count', draw: 'bar' }),
        metric('compilation_metrics', 'peak_memory_mb', { title: 'Memory at its peak', unit: 'MB', draw: 'band' }),
        metric('compilation_metrics', 'output_size_kb', { title: 'Output size', unit: 'KB' }),
        metric('compilation_metrics', 'compile_time_ms', { title: 'How compile time is spread', unit: 'ms', draw: 'heat' }),
      ],
    },
    {
      id: 'ai',
      name: 'AI models',
      builtIn: true,
      about: 'Models: latency, throughput, accuracy and memory.',
      charts: [
        metric('ai_metrics', 'inference_latency_ms', { title: 'Inference latency', unit: 'ms', draw: 'band' }),
        metric('ai_metrics', 'throughput_rps', { title: 'Throughput', unit: '/s' }),
        metric('ai_metrics', 'accuracy', { title: 'Accuracy', unit: 'share' }),
        metric('ai_metrics', 'gpu_memory_mb', { title: 'GPU memory', unit: 'MB', aggregate: 'max' }),
      ],
    },
    {
      id: 'network',
      name: 'Network',
      builtIn: true,
      about: 'Nodes: latency and packet loss.',
      charts: [
        metric('network_metrics', 'latency_ms', { title: 'Latency', unit: 'ms', draw: 'band' }),
        metric('network_metrics', 'latency_ms', { title: 'Latency by node', unit: 'ms', group: ['node_id'], aggregate: 'max' }),
        metric('network_metrics', 'packet_loss_percent', { title: 'Packet loss', unit: '%' }),
        metric('network_metrics', 'latency_ms', { title: 'How latency is spread', unit: 'ms', draw: 'heat' }),
      ],
    },
  ];
}
