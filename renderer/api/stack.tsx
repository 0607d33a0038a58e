import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { ProblemData, StackStatus } from '../../preload/contract/index.ts';
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
  useEffect(() => {
    let kept: Series = {};
    return follow<StackStatus>({
      open: async (stream, signal) => {
        kept = await api.stack.stats({ stack }, { signal });
        return api.stack.watch({ stack, stream }, { signal });
      },
      onBatch: (status) => {
        kept = addStatus(kept, status, Date.now());
        setView({ kind: 'ready', status, series: kept });
      },
      onEnd: (outcome) => {
        if (outcome.kind === 'failed') setView(outcome);
      },
      reopenAfter: 2000,
    });
  }, [stack]);
  return <StackContext value={{ stack, view }}>{children}</StackContext>;
}

export function useStack(): Watched {
  return useContext(StackContext);
}

/** All stacks this data home knows. */
export function useStacks() {
  return useQuery({ queryKey: ['stacks'], queryFn: () => api.stack.list(), refetchInterval: 5000 });
}
