import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client.ts';
import type { Catalog } from './tree-rows.ts';

export interface Place {
  readonly stack: string;
  readonly service: string;
}

/** All that was asked of one Pulsar; what changes there makes it stale. */
export function topicsKey({ stack, service }: Place, ...more: readonly unknown[]): readonly unknown[] {
  return ['topics', stack, service, ...more];
}

/** Asks anew for everything that is shown. */
export function useRefresh(place: Place): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: topicsKey(place) });
}

/** Tenants and namespaces, and the topics of those namespaces. */
export function useCatalog(place: Place) {
  const tenants = useQuery({
    queryKey: topicsKey(place, 'namespaces'),
    queryFn: () => api.topics.namespaces(place),
    refetchInterval: 30_000,
  });
  const namespaces = tenants.data?.flatMap(({ namespaces }) => namespaces) ?? [];
  const lists = useQueries({
    queries: namespaces.map((namespace) => ({
      queryKey: topicsKey(place, 'list', namespace),
      queryFn: () => api.topics.list({ ...place, namespace }),
      refetchInterval: 5_000,
    })),
    combine: (results) => ({ topics: results.map(({ data }) => data), changed: results.map(({ dataUpdatedAt }) => dataUpdatedAt).join() }),
  });
  const named = namespaces.join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the times stand for what came
  const catalog = useMemo((): Catalog | undefined => {
    if (tenants.data === undefined) return undefined;
    const topics = new Map(namespaces.flatMap((namespace, at) => (lists.topics[at] ? [[namespace, lists.topics[at]] as const] : [])));
    return { tenants: tenants.data, topics };
  }, [tenants.data, lists.changed, named]);
  return { catalog, problem: tenants.error };
}
