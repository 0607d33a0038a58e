import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { createContext, useCallback, useContext } from 'react';
import type { CacheFacts } from '../../../preload/contract/index.ts';
import { api } from '../../api/client.ts';
import { useStack } from '../../api/stack.tsx';
import { type CacheSearch, cacheSearch } from './search.ts';

/** The server at hand: what every call begins with. */
export interface Target {
  readonly stack: string;
  readonly service: string;
}

const ServiceContext = createContext<string>('redis');
export const ServiceProvider = ServiceContext.Provider;

export function useTarget(): Target {
  const { stack } = useStack();
  return { stack, service: useContext(ServiceContext) };
}

/** The address of this panel, and what changes it. */
export function useCacheSearch(): [CacheSearch, (change: CacheSearch) => void] {
  const search = useSearch({ from: '/cache' });
  const navigate = useNavigate();
  const set = useCallback(
    (change: CacheSearch) => void navigate({ to: '/cache', search: (before) => cacheSearch({ ...before, ...change }), replace: true }),
    [navigate],
  );
  return [search, set];
}

/** What the server can do; undefined until it has said. */
export function useFacts(): CacheFacts | undefined {
  const target = useTarget();
  return useQuery({ queryKey: ['cache', target, 'facts'], queryFn: () => api.cache.facts(target), staleTime: 30_000 }).data;
}

/** Why something cannot be done here; undefined while it can. */
export function lackOf(facts: CacheFacts | undefined, command: string): string | undefined {
  if (!facts?.missing.includes(command)) return undefined;
  return facts.notes.find((note) => note.startsWith(`${command} `) || note.includes(` ${command}:`)) ?? `${command} is not to be had here.`;
}
