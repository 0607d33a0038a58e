import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Settings } from '../../preload/contract/index.ts';
import { api } from './client.ts';

const key = ['settings'];

/** What the person chose, kept by the core; undefined until it is read. */
export function useSettings(): Settings | undefined {
  return useQuery({ queryKey: key, queryFn: () => api.app.settings.get(), staleTime: Number.POSITIVE_INFINITY }).data;
}

/** Changes some settings: shown at once, kept by the core. */
export function useSetSettings(): (changed: Partial<Settings>) => void {
  const queries = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (changed: Partial<Settings>) => api.app.settings.set(changed),
    onMutate: (changed) => queries.setQueryData<Settings>(key, (before) => (before === undefined ? before : { ...before, ...changed })),
    onSuccess: (settings) => queries.setQueryData<Settings>(key, settings),
    onError: () => queries.invalidateQueries({ queryKey: key }),
  });
  return mutate;
}
