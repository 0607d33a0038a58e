/** The three metric families of the stack: one measurement each, tagged with the entity they tell of. */
import { flux, Point } from '@influxdata/influxdb-client';
import { NoodleError } from '../../errors.ts';
import type { InfluxClient } from './client.ts';
import { type RangeOptions, timeRange } from './range.ts';

export const metricFamilies = {
  compilation: { measurement: 'compilation_metrics', tag: 'job_id' },
  ai: { measurement: 'ai_metrics', tag: 'model_id' },
  network: { measurement: 'network_metrics', tag: 'node_id' },
} as const;
export type MetricFamily = keyof typeof metricFamilies;

export interface Metric {
  /** Id of the job, model or node. */
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly time: Date;
}

export interface MetricFilter {
  readonly id?: string;
  readonly name?: string;
}

/**
 * The point of a metric: tags `<id>`, `metric_type` and `metric_name`, field `value`.
 * @throws NoodleError bad-argument for a tag that line protocol cannot hold: one that is empty or ends with a backslash,
 * which would swallow the separator behind it (https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/#special-characters)
 */
export function metricPoint(family: MetricFamily, metric: Metric): Point {
  const { measurement, tag } = metricFamilies[family];
  for (const text of [metric.id, metric.name]) {
    if (text !== '' && !text.endsWith('\\')) continue;
    throw new NoodleError({ code: 'bad-argument', what: `${JSON.stringify(text)} cannot be a tag in InfluxDB.` });
  }
  return new Point(measurement)
    .tag(tag, metric.id)
    .tag('metric_type', family)
    .tag('metric_name', metric.name)
    .floatField('value', metric.value)
    .timestamp(metric.time.getTime());
}

export interface MetricsRepository {
  write(family: MetricFamily, metrics: readonly Metric[], signal?: AbortSignal): Promise<void>;
  /** Oldest first a series; the last hour unless a range is given. @throws NoodleError bad-argument for more than a day not asked for expressly */
  range(family: MetricFamily, filter?: MetricFilter, range?: RangeOptions, signal?: AbortSignal): AsyncIterable<Metric>;
}

export function metricsRepository(client: InfluxClient): MetricsRepository {
  return {
    write: (family, metrics, signal) =>
      client.write(
        metrics.map((metric) => metricPoint(family, metric)),
        signal,
      ),
    async *range(family, filter = {}, range = {}, signal) {
      const { tag } = metricFamilies[family];
      const query = rangeQuery(client.bucket, family, filter, range);
      for await (const row of client.rows<Record<string, string | number>>(query, signal)) {
        yield { id: String(row[tag]), name: String(row.metric_name), value: Number(row._value), time: new Date(row._time!) };
      }
    },
  };
}

/** The Flux of a range: every value given is escaped by the `flux` tag, none is pasted. */
export function rangeQuery(bucket: string, family: MetricFamily, filter: MetricFilter, range: RangeOptions, now = new Date()) {
  const { measurement, tag } = metricFamilies[family];
  const { start, stop } = timeRange(range, now);
  const byId = filter.id === undefined ? flux`` : flux`\n  |> filter(fn: (r) => r[${tag}] == ${filter.id})`;
  const byName = filter.name === undefined ? flux`` : flux`\n  |> filter(fn: (r) => r["metric_name"] == ${filter.name})`;
  return flux`from(bucket: ${bucket})
  |> range(start: ${start}, stop: ${stop})
  |> filter(fn: (r) => r["_measurement"] == ${measurement} and r["_field"] == "value")${byId}${byName}`;
}
