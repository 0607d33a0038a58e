/** Loads the points of a bundle into an empty InfluxDB. They are kept for good: a bucket that lets go of what is a month old would let go of the bug. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { HttpError } from '@influxdata/influxdb-client';
import { NoodleError } from '../../../errors.ts';
import { checkedIndex, lineBatches, notAsSaid } from '../../bundle-parts.ts';
import type { Connection } from '../../kind.ts';
import type { PortionLoader } from '../../portion.ts';
import { createBucket, keepFor, listBuckets } from '../catalog/buckets.ts';
import { always, flux, source } from '../flux.ts';
import { influxHttp } from '../query.ts';
import { messageOf } from '../query-error.ts';
import { Index } from './index-file.ts';

/** Lines of one request. */
const linesAtOnce = 5_000;
const compress = promisify(gzip);

/** @throws NoodleError archive-damaged, wrong-password, service-unreachable */
export async function openPortionLoader(connection: Connection, service: string, index: unknown): Promise<PortionLoader> {
  const { buckets } = checkedIndex(Index, index, service);
  const http = influxHttp(connection);
  const nameOf = (name: string | null) => name ?? connection.parts.bucket ?? '';
  const ready = async (name: string, signal: AbortSignal) => {
    const there = (await listBuckets(http, signal)).find((bucket) => bucket.name === name);
    if (!there) await createBucket(http, { name, retention: 0, description: '' }, signal);
    else if (there.retention !== 0) await keepFor(http, there.id, 0, signal);
  };
  return {
    async load(part, content, work) {
      const bucket = buckets.find((each) => each.part === part);
      if (!bucket) throw notAsSaid(`${service} has no part ${part}`);
      const name = nameOf(bucket.name);
      await ready(name, work.signal);
      let done = 0;
      for await (const lines of lineBatches(content, `${service}/${part}`)) {
        for (let at = 0; at < lines.length; at += linesAtOnce) {
          const batch = lines.slice(at, at + linesAtOnce).map((line) => parsed(line, `${service}/${part}`));
          const body = new Uint8Array(await compress(batch.join('\n')));
          try {
            await http.send('/api/v2/write', { bucket: name, precision: 'ns' }, body, work.signal);
          } catch (error) {
            if (!(error instanceof HttpError)) throw error;
            throw new NoodleError(
              { code: 'query-failed', what: `InfluxDB did not take points of ${name}.`, why: messageOf(error) },
              { cause: error },
            );
          }
          done += batch.length;
          work.progress(done, bucket.points, `points of ${name}`);
        }
      }
    },
    finish: async () => {},
    async counts(signal) {
      const counts: { name: string; rows: number }[] = [];
      for (const { name, measurements } of buckets) {
        const query = flux`${source(nameOf(name), always)}
  |> map(fn: (r) => ({_measurement: r._measurement, _value: 1}))
  |> group(columns: ["_measurement"])
  |> count()`;
        const rows = await http.collect<{ _measurement: string; _value: number }>(query, 100_000, signal);
        for (const measurement of measurements) {
          const found = rows.find((row) => row._measurement === measurement)?._value ?? 0;
          counts.push({ name: name === null ? measurement : `${name}/${measurement}`, rows: found });
        }
      }
      return counts;
    },
    close: async () => {},
  };
}

function parsed(line: string, part: string): string {
  try {
    const text: unknown = JSON.parse(line);
    if (typeof text === 'string') return text;
  } catch {
    // As said below.
  }
  throw notAsSaid(`${part} has a line that is no point`);
}
