/** Physical backups of a PostgreSQL (`main/backup/pitr`) put together with the stack it is of. */
import { join } from 'node:path';
import type { PitrHost } from '../backup/pitr/host.ts';
import type { SnapshotHost } from '../backup/snapshots/host.ts';
import { asNoodleError } from '../errors.ts';
import { connectionTo, instanceOf, type StackContext } from './context.ts';
import type { PitrActs } from './core.ts';

type Locked = <T>(purpose: string, act: () => Promise<T>) => Promise<T>;

/** @param service of kind postgres */
export function pitrActs(context: StackContext, service: string, snapshots: SnapshotHost, locked: Locked): PitrActs {
  const host = hostOf(context, service, snapshots);
  // Loaded when needed: most calls of the CLI make no backup.
  const acts = () => import('../backup/pitr/pitr.ts');
  return {
    service,
    state: async () => (await acts()).state(host),
    backup: (kind, cause, run) => locked('backup', async () => (await acts()).backup(host, kind, cause, run)),
    collect: async (run) => (await acts()).collectWal(host, run),
    mark: async (name, run) => (await acts()).mark(host, name, run),
    verify: async (id, run) => (await acts()).verify(host, id, run),
    preview: async (target, branch, run) => (await acts()).preview(host, target, branch, run),
    restore: (target, run) =>
      locked('restore', async () => {
        const { restore, backup } = await acts();
        const old = await restore(host, target, run);
        // The server is on a history of its own now, which nothing older leads to.
        await backup(host, 'full', 'after-restore', run).catch((error: unknown) => {
          const { what } = asNoodleError(error).problem;
          run.onEvent({ type: 'notice', level: 'warn', message: `It is restored, but has no backup of its own yet: ${what}` });
        });
        return old;
      }),
    branch: (target, name, run) => locked('branch', async () => (await acts()).branch(host, target, name, run)),
    prove: (run) => locked('check of a backup', async () => (await acts()).prove(host, run)),
    deletes: async (id) => (await acts()).deletes(host, id),
    delete: (id, run) => locked('delete of a backup', async () => (await acts()).remove(host, id, run)),
    clear: (run) => locked('delete of all backups', async () => (await acts()).clear(host, run)),
    retain: (before, run) => locked('retention', async () => (await acts()).retain(host, before, run)),
  };
}

function hostOf(context: StackContext, service: string, snapshots: SnapshotHost): PitrHost {
  const { runtime, definition, core, name } = context;
  const spec = definition.services[service]!;
  return {
    stack: name,
    runtime,
    definition,
    spec,
    folder: join(core.paths.pitr(name), service),
    snapshots,
    async connection() {
      const instance = instanceOf(await runtime.observe(definition), service);
      return instance?.state === 'running' ? connectionTo(context, spec, instance) : undefined;
    },
  };
}
