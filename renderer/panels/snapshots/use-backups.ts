import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { BackupCheck, BaseBackupKind, BundleLock, RestoreTarget, ScheduleJob, TaskSummary } from '../../../preload/contract/index.ts';
import { tell } from '../../api/actions.tsx';
import { api } from '../../api/client.ts';
import { useStack } from '../../api/stack.tsx';
import { useTasks } from '../../api/tasks.tsx';

/** Backups, what PostgreSQL can go back to, and the schedule; looked at again when a task ends. */
export function useBackups() {
  const { stack } = useStack();
  const { current } = useTasks();
  const ended = current === null ? '' : `${current.summary.id} ${current.view.result !== null}`;
  const backups = useQuery({
    queryKey: ['backups', stack, ended],
    queryFn: () => api.backups.list({ stack }),
    placeholderData: (before) => before,
  });
  const schedule = useQuery({
    queryKey: ['schedule', stack, ended],
    queryFn: () => api.schedule.list({ stack }),
    placeholderData: (before) => before,
    refetchInterval: 30_000,
  });
  // A stack without PostgreSQL has none, and says so.
  const pitr = useQuery({
    queryKey: ['pitr', stack, ended],
    queryFn: () => api.pitr.state({ stack }),
    placeholderData: (before) => before,
    retry: false,
  });
  return { backups, schedule, pitr };
}

export function useBackupActs() {
  const { stack } = useStack();
  const { started } = useTasks();
  const queries = useQueryClient();
  return useMemo(() => {
    const begin = (call: () => Promise<TaskSummary>): void => void call().then(started, tell);
    const changed = () => queries.invalidateQueries({ queryKey: ['schedule', stack] });
    return {
      create: (request: { name: string | null; note: string | null; encryption: BundleLock }) =>
        begin(() => api.backups.create({ stack, ...request })),
      restore: (id: string, passphrase?: string) => begin(() => api.backups.restore({ stack, id, passphrase })),
      verify: (id: string, how: BackupCheck['how'], passphrase?: string) => begin(() => api.backups.verify({ stack, id, how, passphrase })),
      remove: (id: string) => begin(() => api.backups.delete({ stack, id })),
      outlook: (id: string, act: 'restore' | 'delete') => api.backups.outlook({ stack, id, act }),
      backUpPostgres: (kind: BaseBackupKind) => begin(() => api.pitr.backup({ stack, kind })),
      verifyBase: (id: string) => begin(() => api.pitr.verify({ stack, id })),
      removeBase: (id: string) => begin(() => api.pitr.delete({ stack, id })),
      baseOutlook: (id: string) => api.pitr.outlook({ stack, id }),
      previewRecovery: (target: RestoreTarget, branch: string | null) => api.pitr.preview({ stack, target, branch }),
      recover: (target: RestoreTarget, branch: string | null) => begin(() => api.pitr.restore({ stack, target, branch })),
      setJob: (job: ScheduleJob) => api.schedule.set({ stack, job }).then(changed),
      removeJob: (name: string) => void api.schedule.remove({ stack, name }).then(changed, tell),
      runJob: (name: string) => begin(() => api.schedule.run({ stack, name })),
    };
  }, [stack, started, queries]);
}
export type BackupActs = ReturnType<typeof useBackupActs>;
