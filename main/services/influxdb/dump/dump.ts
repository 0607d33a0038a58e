/** Every bucket's points as line protocol, read in pages of time. */
import { limits } from '../../../limits.ts';
import { UnorderedChecksum } from '../../checksum.ts';
import { jsonPart } from '../../dump-parts.ts';
import type { DumpCount, DumpFacts, DumpPlace, PutPart } from '../../dumper.ts';
import { countAll } from '../catalog/buckets.ts';
import { always, flux, source } from '../flux.ts';
import { type InfluxHttp, influxHttp } from '../query.ts';
import { type Bucket, buckets, catalogPart, earliest, edge, isOurs, latest } from './buckets.ts';
import { PointLines } from './lines.ts';

export async function counts({ connection }: DumpPlace, signal: AbortSignal): Promise<readonly DumpCount[]> {
  const http = influxHttp(connection);
  const found = await buckets(http, signal);
  return Promise.all(found.map(async ({ name }) => ({ name, count: await countAll(http, name, always, signal), checksum: null })));
}

export async function dump({ connection }: DumpPlace, put: PutPart, signal: AbortSignal): Promise<DumpFacts> {
  const http = influxHttp(connection);
  const found = (await buckets(http, signal)).filter(({ name }) => !isOurs(name));
  const kept = found.map(({ id: _, ...bucket }, at): Bucket => ({ ...bucket, part: `${String(at + 1).padStart(4, '0')}.lines` }));
  await put(catalogPart, jsonPart({ buckets: kept }));
  const counts: DumpCount[] = [];
  for (const bucket of kept) {
    const checksum = new UnorderedChecksum();
    let count = 0;
    const counted = (line: Buffer) => {
      count++;
      checksum.add(line);
    };
    await put(bucket.part, packed(lines(http, bucket, signal), counted));
    counts.push({ name: bucket.name, count, checksum: checksum.toString(), ...(bucket.retention > 0 ? { fleeting: true } : {}) });
  }
  return {
    counts,
    notes: [
      'Points are read page by page while the server goes on: a write in the meantime is in it or not.',
      'A carriage return inside of a text is not kept: the server leaves it out of its answers.',
      'Tasks, dashboards, users and tokens are not kept.',
    ],
  };
}

/** As many at once as come together: to wait for each would take longer than to read it. */
async function* lines(http: InfluxHttp, { name, shard }: Bucket, signal: AbortSignal): AsyncGenerator<Iterable<string>> {
  const ends = (['first', 'last'] as const).map((end) => edge(http, name, end, earliest, signal));
  const [first, last] = await Promise.all(ends);
  if (first === undefined || last === undefined) return;
  const step = Math.max(shard * 1_000, Math.ceil((last - first + 1) / limits.dumpPages), 60_000);
  for (let start = first; start <= last; ) {
    const stop = Math.min(start + step, last + 1, latest);
    let any = false;
    const reader = new PointLines();
    const seen = function* (found: Iterable<string>) {
      for (const line of found) {
        any = true;
        yield line;
      }
    };
    // Every row would tell the page's own ends again.
    const query = flux`${source(name, { start, stop })} |> drop(columns: ["_start", "_stop"])`;
    for await (const text of http.csv(query, { signal })) yield seen(reader.read(text));
    yield seen(reader.end());
    // Years without a point are not read page by page.
    start = any || stop > last ? stop : ((await edge(http, name, 'first', stop, signal)) ?? last + 1);
  }
}

/** Lines one after the other, each with its length before it (big-endian): a text may hold line breaks. @param told of each */
async function* packed(all: AsyncIterable<Iterable<string>>, told: (line: Buffer) => void): AsyncGenerator<Buffer> {
  let chunk = Buffer.allocUnsafe(limits.dumpChunk);
  let used = 0;
  for await (const lines of all) {
    for (const line of lines) {
      // UTF-8 needs at most three bytes for what a text of JavaScript counts as one.
      const most = 4 + 3 * line.length;
      if (used + most > chunk.length) {
        if (used > 0) yield chunk.subarray(0, used);
        chunk = Buffer.allocUnsafe(Math.max(limits.dumpChunk, most));
        used = 0;
      }
      const length = chunk.write(line, used + 4);
      chunk.writeUInt32BE(4 + length, used);
      told(chunk.subarray(used + 4, used + 4 + length));
      used += 4 + length;
    }
  }
  if (used > 0) yield chunk.subarray(0, used);
}

/** See `recordsOf`. */
export function lineLength(bytes: Buffer): number | undefined {
  return bytes.length < 4 ? undefined : bytes.readUInt32BE(0);
}
