import { useCallback } from 'react';
import type { TaskSummary } from '../../preload/contract/index.ts';
import { tell } from './actions.tsx';
import { api } from './client.ts';
import { fetchFile } from './files.ts';
import { useTasks } from './tasks.tsx';

type Begin = () => Promise<{ task: TaskSummary; file: string }>;

/** Begins an export; its progress stands in the bottom bar, and the file is handed over when it is done. */
export function useExport(): (begin: Begin) => void {
  const { started } = useTasks();
  return useCallback(
    (begin) => {
      const run = async () => {
        const { task, file } = await begin();
        started(task);
        const stream = crypto.randomUUID();
        for await (const events of await api.tasks.watch({ task: task.id, stream })) {
          void api.streams.grant({ stream, credit: 1 }).catch(() => undefined);
          const result = events.find((event) => event.type === 'result');
          if (result?.ok) fetchFile(file);
          else if (result?.problem && result.problem.code !== 'cancelled') tell(new Error(result.problem.what));
        }
      };
      run().catch(tell);
    },
    [started],
  );
}
