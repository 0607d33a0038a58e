import { connecting } from '../connect.ts';
import type { Connection, ServerFacts } from '../kind.ts';
import { request } from './client.ts';
import { classify } from './errors.ts';

/** Asks for the stack's bucket with the real token; the answer's headers name the server. */
export async function verify(connection: Connection, signal: AbortSignal): Promise<ServerFacts> {
  const { org = '', bucket = '' } = connection.parts;
  const { headers, body } = await connecting(
    () => request(connection, 'GET', '/api/v2/buckets', { query: { org, name: bucket }, signal }),
    connection,
    classify,
    signal,
  );
  const { buckets } = body as { readonly buckets: readonly unknown[] };
  return {
    // A server built from source calls its version "dev".
    version: (headers.get('x-influxdb-version') ?? 'unknown').replace(/^v/, ''),
    notes: buckets.length === 0 ? [`There is no bucket ${bucket} yet: seeding makes it.`] : [],
  };
}
