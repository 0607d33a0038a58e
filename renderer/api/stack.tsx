import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { ProblemData, StackStatus, StatsPoint } from '../../preload/contract/index.ts';
import { api } from './client.ts';
import { addStatus, type Series } from './series.ts';
import { follow } from './stream.ts';

export type StatusView =
  | { kind: 'loading' }
  | { kind: 'ready'; status: StackStatus; series: Series }
  | { kind: 'failed'; problem: ProblemData };

interface Watched {
  stack: string;
  view: StatusView;
}

const StackContext = createContext<Watched>({ stack: 'noodlebox', view: { kind: 'loading' } });

/** Watches one stack for all that stands below: its status and what its services used of late. */
export function StackProvider({ stack, children }: { stack: string; children: ReactNode }) {
  return (
    <StackWatch key={stack} stack={stack}>
      {children}
    </StackWatch>
  );
}

function StackWatch({ stack, children }: { stack: string; children: ReactNode }) {
  const [view, setView] = useState<StatusView>({ kind: 'loading' });
  const [opening, setOpening] = useState(0);
  useEffect(() => {
    let again: ReturnType<typeof setTimeout> | undefined;
    const close = follow<StackStatus>({
      open: async (stream, signal) => {
        const kept = await api.stack.stats({ stack }, { signal }).catch((): Record<string, StatsPoint[]> => ({}));
        setView((before) => (before.kind === 'ready' ? { ...before, series: kept } : before));
        const statuses = await api.stack.watch({ stack, stream }, { signal });
        return withSeries(statuses, kept, setView);
      },
      onBatch: () => undefined,
      onEnd: (outcome) => {
        if (outcome.kind === 'failed') setView({ kind: 'failed', problem: outcome.problem });
        again = setTimeout(() => setOpening((n) => n + 1), outcome.kind === 'failed' ? 3000 : 500);
      },
    });
    return () => {
      clearTimeout(again);
      close();
    };
    // biome-ignore lint/correctness/useExhaustiveDependencies: `opening` opens the stream anew after it ended
  }, [stack, opening]);
  return <StackContext value={{ stack, view }}>{children}</StackContext>;
}

async function* withSeries(
  statuses: AsyncIterable<StackStatus>,
  kept: Series,
  set: (view: StatusView) => void,
): AsyncGenerator<StackStatus> {
  let series = kept;
  for await (const status of statuses) {
    series = addStatus(series, status, Date.now());
    set({ kind: 'ready', status, series });
    yield status;
  }
}

export function useStack(): Watched {
  return useContext(StackContext);
}

/** All stacks this data home knows. */
export function useStacks() {
  return useQuery({ queryKey: ['stacks'], queryFn: () => api.stack.list(), refetchInterval: 5000 });
}
