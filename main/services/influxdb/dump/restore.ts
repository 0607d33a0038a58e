/** Restores into buckets of their own, which then take the names of those that are there. */
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { HttpError } from '@influxdata/influxdb-client';
import { z } from 'zod';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { readJsonPart, recordsOf, wrongPart } from '../../dump-parts.ts';
import type { DumpCount, DumpPart, DumpPlace, Staged, StageOptions } from '../../dumper.ts';
import { countAll } from '../catalog/buckets.ts';
import { always } from '../flux.ts';
import { type InfluxHttp, influxHttp } from '../query.ts';
import { buckets, Catalog, catalogPart, freshName, isOurs, oldName, orgId, rules } from './buckets.ts';
import { lineLength } from './dump.ts';

const Swaps = z.array(z.object({ fresh: z.string(), name: z.string(), old: z.string() }));

export async function stage({ connection }: DumpPlace, parts: AsyncIterable<DumpPart>, { id, signal }: StageOptions): Promise<Staged> {
  const http = influxHttp(connection);
  const reading = parts[Symbol.asyncIterator]();
  const next = async () => ((await reading.next()) as IteratorResult<DumpPart, undefined>).value;
  const { buckets: wanted } = await readJsonPart(await next(), catalogPart, Catalog);
  const orgID = await orgId(http, signal);
  const counts: DumpCount[] = [];
  const swaps: z.infer<typeof Swaps> = [];
  for (const [at, { part: wantedPart, name, description, retention, shard }] of wanted.entries()) {
    const part = await next();
    if (part?.name !== wantedPart) throw wrongPart(wantedPart, 'it is missing');
    const fresh = freshName(id, at);
    // Without an end until all is in: a point too old would be refused.
    const body = { orgID, name: fresh, description, retentionRules: rules(0, shard) };
    const made = await http.call<{ id: string }>('POST', '/api/v2/buckets', { body, signal });
    const written = await write(http, fresh, part, signal);
    counts.push({ name, count: await settled(http, fresh, written, signal), checksum: null });
    await http.call('PATCH', `/api/v2/buckets/${made.id}`, { body: { retentionRules: rules(retention, shard) }, signal });
    swaps.push({ fresh: made.id, name, old: oldName(id, at) });
  }
  return { record: swaps, counts, notes: [] };
}

export async function swap({ connection }: DumpPlace, record: unknown, { signal }: StageOptions): Promise<void> {
  const http = influxHttp(connection);
  for (const { fresh, name, old } of Swaps.parse(record)) {
    const there = await buckets(http, signal);
    const now = there.find((bucket) => bucket.name === name);
    const rename = (id: string, to: string) => http.call('PATCH', `/api/v2/buckets/${id}`, { body: { name: to }, signal });
    if (there.some((bucket) => bucket.id === fresh) && now?.id !== fresh) {
      if (now) await rename(now.id, old);
      await rename(fresh, name);
    }
    const left = (await buckets(http, signal)).find((bucket) => bucket.name === old);
    if (left) await remove(http, left.id, signal);
  }
}

export async function discard({ connection }: DumpPlace, { id, signal }: Pick<StageOptions, 'id' | 'signal'>): Promise<void> {
  const http = influxHttp(connection);
  for (const bucket of await buckets(http, signal)) {
    if (isOurs(bucket.name) && bucket.name.startsWith(freshName(id, 0).slice(0, -1))) {
      await remove(http, bucket.id, signal);
    }
  }
}

/** One that an earlier attempt is just deleting is gone in the end. */
async function remove(http: InfluxHttp, id: string, signal: AbortSignal): Promise<void> {
  try {
    await http.call('DELETE', `/api/v2/buckets/${id}`, { signal, timeout: limits.deleteTimeout });
  } catch (error) {
    if ((await buckets(http, signal)).some((bucket) => bucket.id === id)) throw error;
  }
}

const compress = promisify(gzip);

/** @returns points that were sent, a field each */
async function write(http: InfluxHttp, bucket: string, { name, content }: DumpPart, signal: AbortSignal): Promise<number> {
  let batch: Buffer[] = [];
  let bytes = 0;
  let written = 0;
  const newline = Buffer.from('\n');
  const send = async () => {
    if (batch.length === 0) return;
    const body = await compress(Buffer.concat(batch.flatMap((line) => [line, newline])), { level: 1 });
    try {
      await http.send('/api/v2/write', { bucket, precision: 'ns' }, new Uint8Array(body), signal);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      throw new NoodleError(
        { code: 'query-failed', what: `InfluxDB does not take points of ${name}.`, why: error.message },
        { cause: error },
      );
    }
    written += batch.length;
    batch = [];
    bytes = 0;
  };
  for await (const record of recordsOf(content, name, lineLength, limits.dumpLineBytes)) {
    batch.push(Buffer.from(record.subarray(4)));
    bytes += record.length;
    if (batch.length >= limits.lineBatch || bytes >= limits.lineBatchBytes) await send();
  }
  await send();
  return written;
}

/** A query right after a write may not see all of it yet. */
async function settled(http: InfluxHttp, bucket: string, written: number, signal: AbortSignal): Promise<number> {
  for (let waited = 0; ; waited += limits.dumpSettlePause) {
    const count = await countAll(http, bucket, always, signal);
    if (count >= written || waited >= limits.dumpSettlePatience) return count;
    await pause(limits.dumpSettlePause, undefined, { signal });
  }
}
