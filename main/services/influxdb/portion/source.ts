/** What a bundle takes of an InfluxDB: points one of whose tags is an id, or all. */
import { limits } from '../../../limits.ts';
import type { Connection } from '../../kind.ts';
import type { PortionSource, PortionWork } from '../../portion.ts';
import { listBuckets } from '../catalog/buckets.ts';
import { bucketTags, measurements } from '../catalog/names.ts';
import { always, anyOf, flux, source, taggedWith } from '../flux.ts';
import { lineOf, type Point, PointReader } from '../point.ts';
import { type InfluxHttp, influxHttp } from '../query.ts';
import { verify } from '../verify.ts';
import { filteredPoint } from './filtered.ts';
import type { IndexedBucket } from './index-file.ts';

/** What Noodlebox itself keeps of the servers (`main/insight/monitor`). */
const leftOut = new Set(['noodlebox_monitor']);

/** @throws NoodleError wrong-password, service-unreachable */
export async function openPortionSource(connection: Connection, { signal }: { readonly signal: AbortSignal }): Promise<PortionSource> {
  const { version } = await verify(connection, signal);
  const http = influxHttp(connection);
  const buckets = async (stop: AbortSignal) => (await listBuckets(http, stop)).filter(({ system, name }) => !system && !leftOut.has(name));
  return {
    version,
    async outline(stop) {
      const lists = await Promise.all((await buckets(stop)).map(({ name }) => measurements(http, name, '', stop)));
      return [...new Set(lists.flatMap(({ names }) => names))].map((place) => ({ place, fields: undefined }));
    },
    async read(ids, to, work) {
      const indexed: IndexedBucket[] = [];
      const counts = new Map<string, number>();
      for (const { name, own, retention } of await buckets(work.signal)) {
        const part = `points/${indexed.length}.ndjson`;
        const writer = await to.part(part);
        const measured = new Map<string, number>();
        let points = 0;
        let lines: string[] = [];
        for await (const whole of pointsOf(http, name, ids, work)) {
          const point = filteredPoint(whole, to.filter);
          if (!point) continue;
          // A text may hold newlines: as JSON a line is a line.
          lines.push(JSON.stringify(lineOf(point)));
          measured.set(point.measurement, (measured.get(point.measurement) ?? 0) + 1);
          points++;
          if (lines.length < limits.influxBatch) continue;
          await writer.write(`${lines.join('\n')}\n`);
          work.progress(points, 0, `points of ${name}`);
          lines = [];
        }
        if (lines.length > 0) await writer.write(`${lines.join('\n')}\n`);
        await writer.end();
        const named = [...measured].sort(([a], [b]) => (a < b ? -1 : 1));
        indexed.push({ name: own ? null : name, retention, points, part, measurements: named.map(([measurement]) => measurement) });
        for (const [measurement, rows] of named) counts.set(own ? measurement : `${name}/${measurement}`, rows);
      }
      return { index: { format: 1, buckets: indexed }, counts: [...counts].map(([name, rows]) => ({ name, rows })) };
    },
    close: async () => {},
  };
}

async function* pointsOf(
  http: InfluxHttp,
  bucket: string,
  ids: ReadonlySet<string> | undefined,
  { signal }: PortionWork,
): AsyncGenerator<Point> {
  const reader = new PointReader();
  if (!ids) {
    for await (const row of http.rows(source(bucket, always), { signal })) yield reader.read(row);
    return;
  }
  const keys = await bucketTags(http, bucket, signal);
  if (keys.length === 0) return;
  const all = [...ids];
  /** A point may carry several of the ids, which may be in different queries. */
  const several = all.length > limits.bundleFluxIds ? new Set<string>() : undefined;
  for (let at = 0; at < all.length; at += limits.bundleFluxIds) {
    const tests = all.slice(at, at + limits.bundleFluxIds).flatMap((id) => keys.map((key) => taggedWith([key], id)));
    const query = flux`${source(bucket, always)}
  |> filter(fn: (r) => ${anyOf(tests)})`;
    for await (const row of http.rows(query, { signal })) {
      const point = reader.read(row);
      if (several) {
        const { measurement, tags, field, time } = point;
        if (tags.filter(([, value]) => ids.has(value)).length > 1) {
          const key = JSON.stringify([measurement, tags, field, time]);
          if (several.has(key)) continue;
          several.add(key);
        }
      }
      yield point;
    }
  }
}
