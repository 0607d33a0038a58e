import type { TaskKind, TaskSummary } from '../../preload/contract/models.ts';
import type { RunOptions, Stack } from '../core/core.ts';
import type { Implementer, Parts } from './parts.ts';

type Begin = (kind: TaskKind, name: string, title: string, act: (stack: Stack, run: RunOptions) => Promise<void>) => Promise<TaskSummary>;

export function pitrRouter(os: Implementer['pitr'], { stack }: Parts, begin: Begin) {
  const unwatched = (signal?: AbortSignal): RunOptions => ({ signal: signal ?? new AbortController().signal, onEvent: () => {} });
  const of = async (name: string, service: string | undefined) => (await stack(name)).pitr(service);
  return os.router({
    state: os.state.handler(async ({ input }) => (await of(input.stack, input.service)).state()),
    backup: os.backup.handler(({ input: { stack: name, service, kind } }) =>
      begin('pitr', name, 'Backing up PostgreSQL', async (one, run) => void (await one.pitr(service).backup(kind, 'asked', run))),
    ),
    collect: os.collect.handler(({ input: { stack: name, service } }) =>
      begin('pitr', name, 'Collecting WAL', (one, run) => one.pitr(service).collect(run)),
    ),
    mark: os.mark.handler(async ({ input, signal }) => (await of(input.stack, input.service)).mark(input.name, unwatched(signal))),
    verify: os.verify.handler(({ input: { stack: name, service, id } }) =>
      begin('pitr', name, `Checking backup ${id}`, (one, run) => one.pitr(service).verify(id, run)),
    ),
    preview: os.preview.handler(async ({ input, signal }) =>
      (await of(input.stack, input.service)).preview(input.target, input.branch, unwatched(signal)),
    ),
    restore: os.restore.handler(({ input: { stack: name, service, target, branch } }) => {
      if (branch === null) {
        return begin('pitr', name, 'Restoring PostgreSQL', async (one, run) => void (await one.pitr(service).restore(target, run)));
      }
      return begin('pitr', name, `Restoring PostgreSQL as ${branch}`, async (one, run) => {
        await one.pitr(service).branch(target, branch, run);
      });
    }),
    outlook: os.outlook.handler(async ({ input }) => ({ loses: [...(await (await of(input.stack, input.service)).deletes(input.id))] })),
    delete: os.delete.handler(({ input: { stack: name, service, id } }) =>
      begin('pitr', name, `Deleting backup ${id}`, (one, run) => one.pitr(service).delete(id, run)),
    ),
    clear: os.clear.handler(({ input: { stack: name, service } }) =>
      begin('pitr', name, 'Deleting all backups of PostgreSQL', (one, run) => one.pitr(service).clear(run)),
    ),
  });
}
