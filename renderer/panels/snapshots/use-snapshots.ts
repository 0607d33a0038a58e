import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { TaskSummary } from '../../../preload/contract/index.ts';
import { tell } from '../../api/actions.tsx';
import { api } from '../../api/client.ts';
import { useStack } from '../../api/stack.tsx';
import { useTasks } from '../../api/tasks.tsx';

/** The stack's snapshots, newest first; looked at again when a task ends. */
export function useSnapshots() {
  const { stack } = useStack();
  const { current } = useTasks();
  const ended = current === null ? '' : `${current.summary.id} ${current.view.result !== null}`;
  return useQuery({
    queryKey: ['snapshots', stack, ended],
    queryFn: () => api.snapshots.list({ stack }),
    placeholderData: (before) => before,
  });
}

export function useSnapshotActs() {
  const { stack } = useStack();
  const { started } = useTasks();
  return useMemo(() => {
    const begin = (call: () => Promise<TaskSummary>): void => void call().then(started, tell);
    return {
      create: (request: { name: string | null; note: string | null; hot: boolean }) =>
        begin(() => api.snapshots.create({ stack, ...request })),
      restore: (id: string) => begin(() => api.snapshots.restore({ stack, id })),
      branch: (id: string, name: string | null) => begin(() => api.snapshots.branch({ stack, id, name })),
      hot: (id: string, on: boolean) => begin(() => api.snapshots.hot({ stack, id, on })),
      verify: (id: string) => begin(() => api.snapshots.verify({ stack, id })),
      remove: (id: string) => begin(() => api.snapshots.delete({ stack, id })),
      outlook: (id: string, act: 'restore' | 'delete' | 'branch') => api.snapshots.outlook({ stack, id, act }),
    };
  }, [stack, started]);
}
export type SnapshotActs = ReturnType<typeof useSnapshotActs>;
