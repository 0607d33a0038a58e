/** What the tests of the metrics panel's session share: buckets of their own, points with any names, and a session. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type InfluxdbSession, openSession } from '../../../main/services/influxdb/session.ts';
import type { Connection } from '../../../main/services/kind.ts';

export const never = new AbortController().signal;

export interface Bed {
  readonly session: InfluxdbSession;
  readonly folder: string;
  /** A new bucket that is gone afterwards. */
  bucket(name?: string): Promise<string>;
  /** Writes lines with times in ms. */
  write(bucket: string, lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function influxBed(connection: Connection): Promise<Bed> {
  const folder = await mkdtemp(join(tmpdir(), 'noodlebox-influx-'));
  const session = await openSession(connection, { spool: async () => folder });
  const made: string[] = [];
  return {
    session,
    folder,
    async bucket(name = `test-${crypto.randomUUID()}`) {
      made.push((await session.buckets.create({ name, retention: 0, description: '' }, never)).id);
      return name;
    },
    async write(bucket, lines) {
      await session.write.text(bucket, lines.join('\n'), 'ms', never);
    },
    async close() {
      for (const id of made) await session.buckets.remove(id, never).catch(() => {});
      await session.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A measurement as line protocol writes it. */
export const measurement = (text: string) => text.replace(/[, ]/g, '\\$&').replaceAll('\n', '\\n');
/** A tag key, tag value or field key. */
export const key = (text: string) => text.replace(/[,= ]/g, '\\$&');

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
