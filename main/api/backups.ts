import type { TaskKind, TaskSummary } from '../../preload/contract/models.ts';
import type { RunOptions, Stack } from '../core/core.ts';
import type { Implementer, Parts } from './parts.ts';

type Begin = (kind: TaskKind, name: string, title: string, act: (stack: Stack, run: RunOptions) => Promise<void>) => Promise<TaskSummary>;

export function backupsRouter(os: Implementer['backups'], { stack }: Parts, begin: Begin) {
  return os.router({
    list: os.list.handler(async ({ input }) => [...(await (await stack(input.stack)).backups.list())]),
    outlook: os.outlook.handler(async ({ input, signal = new AbortController().signal }) =>
      (await stack(input.stack)).backups.outlook(input.id, input.act, input.services, signal),
    ),
    create: os.create.handler(({ input: { stack: name, ...request } }) =>
      begin('backup', name, 'Making a backup', async ({ backups }, run) => void (await backups.create(request, run))),
    ),
    restore: os.restore.handler(({ input: { stack: name, id, services, snapshot, passphrase, identities } }) =>
      begin('backup', name, `Restoring backup ${id}`, ({ backups }, run) =>
        backups.restore(id, { services, snapshot, keys: { passphrase, identities } }, run),
      ),
    ),
    verify: os.verify.handler(({ input: { stack: name, id, how, passphrase, identities } }) =>
      begin('backup', name, `Checking backup ${id}`, async ({ backups }, run) => {
        await backups.verify(id, { how, keys: { passphrase, identities } }, run);
      }),
    ),
    delete: os.delete.handler(({ input: { stack: name, id } }) =>
      begin('backup', name, `Deleting backup ${id}`, ({ backups }, run) => backups.delete(id, run)),
    ),
  });
}
