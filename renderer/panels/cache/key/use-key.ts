import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api } from '../../../api/client.ts';
import { useTarget } from '../context.ts';

/** Of a longer string only so much is read at first, bytes. */
export const firstBytes = 256 * 1024;
/** The most that is read into the window, bytes. */
export const mostBytes = 8 * 2 ** 20;

/** What is known of a key, looked at again now and then: its time runs out. */
export function useHead(key: string) {
  const target = useTarget();
  return useQuery({
    queryKey: ['cache', target, 'key', key, 'head'],
    queryFn: () => api.cache.key({ ...target, key }),
    refetchInterval: 5_000,
  });
}

/** Makes everything shown of a key be read again. */
export function useReload(key: string): () => void {
  const target = useTarget();
  const queries = useQueryClient();
  const { stack, service } = target;
  return useCallback(
    () => void queries.invalidateQueries({ queryKey: ['cache', { stack, service }, 'key', key] }),
    [queries, stack, service, key],
  );
}
