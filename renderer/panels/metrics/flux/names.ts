/** Names for completion, as the core tells them, each kept for half a minute. */
import { api } from '../../../api/client.ts';
import type { FluxNames } from './completion.ts';

const kept = 30_000;

export function fluxNames(input: { stack: string; service: string }): FluxNames {
  const known = new Map<string, { at: number; names: Promise<readonly unknown[]> }>();
  const keep = <T>(key: string, ask: () => Promise<readonly T[]>): Promise<readonly T[]> => {
    const found = known.get(key);
    if (found && Date.now() - found.at < kept) return found.names as Promise<readonly T[]>;
    const names = ask();
    known.set(key, { at: Date.now(), names });
    names.catch(() => known.delete(key));
    return names;
  };
  const { names } = api.metrics;
  return {
    functions: () => keep('functions', () => api.metrics.flux.functions(input)),
    buckets: () => keep('buckets', async () => (await api.metrics.bucket.list(input)).map(({ name }) => name)),
    measurements: (bucket) => keep(JSON.stringify([bucket]), async () => (await names.measurements({ ...input, bucket })).names),
    fields: (bucket, measurement) =>
      keep(JSON.stringify(['fields', bucket, measurement]), async () => (await names.fields({ ...input, bucket, measurement })).names),
    tags: (bucket, measurement) =>
      keep(JSON.stringify(['tags', bucket, measurement]), async () => (await names.tags({ ...input, bucket, measurement })).names),
    values: (bucket, measurement, key) =>
      keep(
        JSON.stringify(['values', bucket, measurement, key]),
        async () => (await names.values({ ...input, bucket, measurement, key })).names,
      ),
  };
}
