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
  type Acts = typeof import('../backup/pitr/pitr.ts');
  /** Loaded when needed: most calls of the CLI make no backup. */
  const act = async <T>(use: (acts: Acts) => Promise<T>): Promise<T> => {
    try {
      return await use(await import('../backup/pitr/pitr.ts'));
    } catch (error) {
      throw asNoodleError(error);
    }
  };
  return {
    service,
    state: () => act(({ state }) => state(host)),
    backup: (kind, cause, run) => locked('backup', () => act(({ backup }) => backup(host, kind, cause, run))),
    collect: (run) => act(({ collectWal }) => collectWal(host, run)),
    mark: (name, run) => act(({ mark }) => mark(host, name, run)),
    verify: (id, run) => act(({ verify }) => verify(host, id, run)),
    preview: (target, branch, run) => act(({ preview }) => preview(host, target, branch, run)),
    restore: (target, run) =>
      locked('restore', () =>
        act(async ({ restore, backup }) => {
          const old = await restore(host, target, run);
          // The server is on a history of its own now, which nothing older leads to.
          await backup(host, 'full', 'after-restore', run).catch((error: unknown) => {
            const { what } = asNoodleError(error).problem;
            run.onEvent({ type: 'notice', level: 'warn', message: `It is restored, but has no backup of its own yet: ${what}` });
          });
          return old;
        }),
      ),
    branch: (target, name, run) => locked('branch', () => act(({ branch }) => branch(host, target, name, run))),
    prove: (run) => locked('check of a backup', () => act(({ prove }) => prove(host, run))),
    deletes: (id) => act(({ deletes }) => deletes(host, id)),
    delete: (id, run) => locked('delete of a backup', () => act(({ remove }) => remove(host, id, run))),
    clear: (run) => locked('delete of all backups', () => act(({ clear }) => clear(host, run))),
    retain: (before, run) => locked('retention', () => act(({ retain }) => retain(host, before, run))),
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
