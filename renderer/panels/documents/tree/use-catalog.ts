import { useQuery } from '@tanstack/react-query';
import { api } from '../../../api/client.ts';
import { usePlace } from '../place.tsx';

/** Collections whose sizes are asked for at once. */
const atOnce = 200;

export function useDatabases() {
  const { stack, service } = usePlace();
  return useQuery({
    queryKey: ['documents', stack, service, 'databases'],
    queryFn: ({ signal }) => api.documents.databases({ stack, service }, { signal }),
    refetchInterval: 30_000,
  });
}

export function useCollections(database: string | undefined) {
  const { stack, service } = usePlace();
  return useQuery({
    queryKey: ['documents', stack, service, 'collections', database],
    queryFn: ({ signal }) => api.documents.collections({ stack, service, database: database! }, { signal }),
    enabled: database !== undefined,
    refetchInterval: 30_000,
  });
}

/** Estimated counts and sizes of the first collections of a database. */
export function useSizes(database: string | undefined, collections: readonly string[]) {
  const { stack, service } = usePlace();
  const asked = collections.slice(0, atOnce);
  return useQuery({
    queryKey: ['documents', stack, service, 'sizes', database, asked],
    queryFn: ({ signal }) => api.documents.sizes({ stack, service, database: database!, collections: asked }, { signal }),
    enabled: database !== undefined && asked.length > 0,
    refetchInterval: 30_000,
  });
}
