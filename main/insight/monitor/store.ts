/** Where samples of the servers go: a bucket of their own beside the stack's. */
import { HttpError, Point } from '@influxdata/influxdb-client';
import { limits } from '../../limits.ts';
import { request } from '../../services/influxdb/client.ts';
import type { Connection } from '../../services/kind.ts';

/** The bucket's name; the window's dashboard of the servers reads it. */
export const monitorBucket = 'noodlebox_monitor';

export interface Sample {
  /** What the measurement is called: the kind of server. */
  readonly measurement: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Makes the bucket when it is missing. @throws HttpError, and fetch's own errors */
export async function ensureBucket(connection: Connection, signal: AbortSignal): Promise<void> {
  const { org = '' } = connection.parts;
  try {
    const query = { org, name: monitorBucket };
    await request(connection, 'GET', '/api/v2/buckets', { query, signal, timeout: limits.monitorAnswer });
    return;
  } catch (error) {
    if (!(error instanceof HttpError) || error.statusCode !== 404) throw error;
  }
  const { body } = await request(connection, 'GET', '/api/v2/orgs', { query: { org }, signal, timeout: limits.monitorAnswer });
  const orgID = (body as { readonly orgs: readonly { readonly id: string }[] }).orgs[0]?.id;
  const retentionRules = [{ type: 'expire', everySeconds: limits.monitorRetentionSeconds }];
  const description = 'What Noodlebox sees of the five servers, every 30 s while its window is open.';
  await request(connection, 'POST', '/api/v2/buckets', { body: { orgID, name: monitorBucket, description, retentionRules }, signal });
}

/** Writes the samples of one round. @param at ms since the epoch */
export async function writeSamples(connection: Connection, samples: readonly Sample[], at: number, signal: AbortSignal): Promise<void> {
  const { org = '' } = connection.parts;
  const lines = samples.flatMap(({ measurement, values }) => {
    const point = new Point(measurement).timestamp(at);
    for (const [name, value] of Object.entries(values)) point.floatField(name, value);
    return point.toLineProtocol() ?? [];
  });
  if (lines.length === 0) return;
  const { gzipSync } = await import('node:zlib');
  const query = { org, bucket: monitorBucket, precision: 'ms' };
  await request(connection, 'POST', '/api/v2/write', { query, gzipped: gzipSync(lines.join('\n')), signal, timeout: limits.monitorAnswer });
}
