/** Backups (`main/backup/dumps`) put together with the stack they are of. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupHost, Run, Store, StoreHost } from '../backup/dumps/host.ts';
import { homePaths } from '../home/paths.ts';
import { kindOf } from '../services/registry.ts';
import { mustStandApart } from '../stack/apart.ts';
import type { CoreContext, Env, StackContext } from './context.ts';
import type { BackupActs, Stack } from './core.ts';
import { readFacts, writeFacts } from './facts.ts';
import { connectionNow } from './fill.ts';
import { openStack } from './open.ts';
import type { StackSnapshots } from './snapshots.ts';

type Locked = <T>(purpose: string, act: () => Promise<T>) => Promise<T>;

type CreateStack = (context: StackContext) => Stack;

interface StackBackups {
  readonly acts: BackupActs;
  /** The lock is held. */
  recover(run: Run): Promise<string | undefined>;
  needsRecovery(): Promise<boolean>;
  /** Before all data are replaced or deleted: a restore that waits is given up. The lock is held. */
  forgetPending(): Promise<void>;
}

/** @param createStack for the stacks that backups are tried in */
export function backupActs(
  context: StackContext,
  snapshots: Pick<StackSnapshots, 'safety' | 'restore'>,
  locked: Locked,
  createStack: CreateStack,
): StackBackups {
  const host = hostOf(context, snapshots, createStack);
  // Loaded when needed: most calls of the CLI make no backup.
  const backup = () => import('../backup/dumps/dumps.ts');
  const needsRecovery = async () => {
    const [names, scratch] = await Promise.all([namesIn(host.folder), namesIn(context.core.paths.scratch(context.name))]);
    return names.includes('restore.json') || scratch.length > 0;
  };
  return {
    acts: {
      list: async () => (await backup()).listBackups(host.folder),
      show: async (asked) => (await backup()).findBackup(host.folder, asked),
      outlook: async (asked, act, services, signal) => (await backup()).outlook(host, asked, act, services, signal),
      create: (request, run) => locked('backup', async () => (await backup()).create(host, request, run)),
      restore: (asked, request, run) => locked('restore', async () => (await backup()).restore(host, asked, request, run)),
      verify: (asked, request, run) => locked('check of a backup', async () => (await backup()).verify(host, asked, request, run)),
      delete: (asked, run) => locked('delete of a backup', async () => (await backup()).remove(host, asked, run)),
    },
    recover: async (run) => ((await needsRecovery()) ? (await backup()).recoverRestore(host, run) : undefined),
    needsRecovery,
    forgetPending: async () => ((await needsRecovery()) ? (await backup()).forgetPending(host.folder) : undefined),
  };
}

function hostOf(context: StackContext, snapshots: Pick<StackSnapshots, 'safety' | 'restore'>, createStack: CreateStack): BackupHost {
  const { core, name, runtime } = context;
  const { paths } = core;
  return {
    ...storesOf(context),
    runtime: runtime.kind,
    folder: paths.backups(name),
    safety: (run) => snapshots.safety('before-backup-restore', run),
    restoreSnapshot: (id, run) => snapshots.restore(id, run),
    async forget(services) {
      const facts = await readFacts(paths.facts(name));
      await writeFacts(paths.facts(name), Object.fromEntries(Object.entries(facts).filter(([service]) => !services.includes(service))));
    },
    async scratch(id, services, run, act) {
      const scratch = `${name.slice(0, 40)}-check-${id}`;
      const stack = await openScratch(context, createStack, scratch);
      try {
        await stack.up(services, run);
        return await act(stack.host, stack.folder);
      } finally {
        await stack.remove();
      }
    },
    async removeScratch() {
      for (const scratch of await namesIn(paths.scratch(name))) await (await openScratch(context, createStack, scratch)).remove();
    },
  };
}

function storesOf(context: StackContext): StoreHost {
  const stores = Object.values(context.definition.services).flatMap((spec): Store[] => {
    if (!spec.kind) return [];
    const kind = kindOf(spec.kind);
    return [
      {
        service: spec.name,
        kind: spec.kind,
        dumper: async () => (await kind.access()).dumper(),
        async place() {
          const connection = await connectionNow(context, spec);
          // Where it listens now, which may be another port than the definition was opened with.
          const ports = spec.ports.map((port) => (port.target === kind.port ? { ...port, published: connection.port } : port));
          return { connection, tools: context.runtime.tools(context.name, { ...spec, ports }) };
        },
        version: async (signal) => (await (await kind.access()).verify(await connectionNow(context, spec), signal)).version,
      },
    ];
  });
  return { stack: context.name, stores };
}

interface Scratch {
  readonly host: StoreHost;
  /** For files. */
  readonly folder: string;
  up(services: readonly string[], run: Run): Promise<void>;
  remove(): Promise<void>;
}

/** A stack of the same definition in a home of its own, whose folder says that it is there; any free ports, new passwords. */
async function openScratch(context: StackContext, createStack: CreateStack, name: string): Promise<Scratch> {
  const { core, record, runtime } = context;
  const home = join(core.paths.scratch(context.name), name);
  const own: CoreContext = { ...core, env: withoutPorts(core.env), home, paths: homePaths(home) };
  const opened = await openStack(own, { stack: name, runtime: runtime.kind, file: record.file ?? undefined });
  const stack = createStack(opened);
  const folder = join(home, 'files');
  return {
    host: storesOf(opened),
    folder,
    async up(services, run) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      mustStandApart(opened.definition, services, runtime.kind);
      await stack.up(services, { seed: false, install: false }, run);
    },
    async remove() {
      await stack.down({ volumes: true, snapshot: false }, { signal: new AbortController().signal, onEvent: () => {} });
      await stack.close();
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A port that is named for a stack is that stack's. */
function withoutPorts(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^NOODLEBOX_.*_PORT$/.test(name)));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
