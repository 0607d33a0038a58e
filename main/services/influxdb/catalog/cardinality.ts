/** How many series there are, and which tags make them many. */
import type { Cardinality } from '../../../../preload/contract/index.ts';
import { limits } from '../../../limits.ts';
import { always, flux, type ParameterizedQuery, time } from '../flux.ts';
import type { InfluxHttp } from '../query.ts';
import { measurements, tags } from './names.ts';

export async function cardinalityOf(http: InfluxHttp, bucket: string, signal: AbortSignal): Promise<Cardinality> {
  const { names, cut } = await measurements(http, bucket, '', signal);
  const asked = names.slice(0, limits.cardinalityRows);
  const [series, ...each] = await Promise.all([
    seriesCount(http, bucket, flux``, signal),
    ...asked.map((name) => seriesCount(http, bucket, flux`, predicate: (r) => r["_measurement"] == ${name}`, signal)),
  ]);
  const counted = asked.map((name, index) => ({ name, series: each[index]! })).sort((a, b) => b.series - a.series);
  return { series: series!, measurements: counted, cut: cut || asked.length < names.length };
}

async function seriesCount(http: InfluxHttp, bucket: string, narrowed: ParameterizedQuery, signal: AbortSignal): Promise<number> {
  const query = flux`import "influxdata/influxdb"
influxdb.cardinality(bucket: ${bucket}, start: ${time(always.start)}, stop: ${time(always.stop)}${narrowed})`;
  const [row] = await http.collect<{ _value: number }>(query, 1, signal);
  return row?._value ?? 0;
}

/** Distinct values of each tag, most first. */
export async function tagCardinalityOf(http: InfluxHttp, bucket: string, measurement: string, signal: AbortSignal) {
  const { names } = await tags(http, bucket, measurement, signal);
  const counted = await Promise.all(
    names.slice(0, limits.cardinalityRows).map(async (key) => {
      const query = flux`import "influxdata/influxdb/schema"
schema.tagValues(bucket: ${bucket}, tag: ${key}, predicate: (r) => r["_measurement"] == ${measurement}, start: ${time(always.start)}, stop: ${time(always.stop)})
  |> count()`;
      const [row] = await http.collect<{ _value: number }>(query, 1, signal);
      return { key, values: row?._value ?? 0 };
    }),
  );
  return counted.sort((a, b) => b.values - a.values);
}
