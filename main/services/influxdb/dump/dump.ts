/** Every bucket's points as line protocol, read in pages of time. */
import { limits } from '../../../limits.ts';
import { UnorderedChecksum } from '../../checksum.ts';
import { inChunks, jsonPart } from '../../dump-parts.ts';
import type { DumpCount, DumpFacts, DumpPlace, PutPart } from '../../dumper.ts';
import { countAll } from '../catalog/buckets.ts';
import { always, source } from '../flux.ts';
import { lineOf, PointReader } from '../point.ts';
import { type InfluxHttp, influxHttp } from '../query.ts';
import { type Bucket, buckets, catalogPart, earliest, edge, isOurs, latest } from './buckets.ts';

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
    const counted = async function* () {
      for await (const line of lines(http, bucket, signal)) {
        count++;
        const bytes = Buffer.from(line);
        checksum.add(bytes);
        yield* encodeLine(bytes);
      }
    };
    await put(bucket.part, inChunks(counted()));
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

async function* lines(http: InfluxHttp, { name, shard }: Bucket, signal: AbortSignal): AsyncGenerator<string> {
  const ends = (['first', 'last'] as const).map((end) => edge(http, name, end, earliest, signal));
  const [first, last] = await Promise.all(ends);
  if (first === undefined || last === undefined) return;
  const step = Math.max(shard * 1_000, Math.ceil((last - first + 1) / limits.dumpPages), 60_000);
  const reader = new PointReader();
  for (let start = first; start <= last; ) {
    const stop = Math.min(start + step, last + 1, latest);
    let any = false;
    for await (const row of http.rows(source(name, { start, stop }), { signal })) {
      any = true;
      yield lineOf(reader.read(row));
    }
    // Years without a point are not read page by page.
    start = any || stop > last ? stop : ((await edge(http, name, 'first', stop, signal)) ?? last + 1);
  }
}

/** With its length before it: a text may hold line breaks. Big-endian. */
function* encodeLine(bytes: Buffer): Generator<Buffer> {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(4 + bytes.length);
  yield head;
  yield bytes;
}

/** See `recordsOf`. */
export function lineLength(bytes: Buffer): number | undefined {
  return bytes.length < 4 ? undefined : bytes.readUInt32BE(0);
}
