import { useCallback } from 'react';
import type { TaskSummary } from '../../preload/contract/index.ts';
import { tell } from './actions.tsx';
import { fetchFile } from './files.ts';
import { endOf } from './task-end.ts';
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
        const { ok, problem } = await endOf(task.id);
        if (ok) fetchFile(file);
        else if (problem && problem.code !== 'cancelled') tell(new Error(problem.what));
      };
      run().catch(tell);
    },
    [started],
  );
}
