/** Snapshots (`main/backup/snapshots`) put together with the stack they are of. */
import type { Run, SnapshotHost } from '../backup/snapshots/host.ts';
import { needsRecovery } from '../backup/snapshots/leftovers.ts';
import type { SafetyCause } from '../backup/snapshots/snapshots.ts';
import { specHash } from '../stack/definition/hash.ts';
import { instanceOf, type StackContext } from './context.ts';
import type { SnapshotActs } from './core.ts';
import { readFacts, runOf } from './facts.ts';
import { connectionNow, readSeedStates } from './fill.ts';
import { lossesOf } from './losses.ts';

/** Without taking the lock. */
interface PlainActs {
  up(services: readonly string[], run: Run): Promise<void>;
  stop(services: readonly string[], run: Run): Promise<void>;
}

type Locked = <T>(purpose: string, act: () => Promise<T>) => Promise<T>;

export interface StackSnapshots {
  readonly acts: SnapshotActs;
  /** The lock is held. */
  safety(cause: SafetyCause, run: Run): Promise<string | undefined>;
  /** The lock is held. */
  restore(id: string, run: Run): Promise<void>;
  /** The lock is held. */
  recover(run: Run): Promise<string | undefined>;
  needsRecovery(): Promise<boolean>;
}

export function snapshotActs(context: StackContext, plain: PlainActs, locked: Locked): StackSnapshots {
  const host = hostOf(context, plain);
  // Loaded when needed: most calls of the CLI make no snapshot.
  const backup = () => import('../backup/snapshots/snapshots.ts');
  return {
    acts: {
      list: async () => (await backup()).listSnapshots(host.folder),
      show: async (asked) => (await backup()).findSnapshot(host.folder, asked),
      outlook: async (asked, act) => (await backup()).outlook(host, asked, act, () => lossesOf(context, 'reset')),
      create: (request, run) => locked('snapshot', async () => (await backup()).create(host, request, run)),
      restore: (asked, run) => locked('restore', async () => (await backup()).restoreSnapshot(host, asked, run)),
      verify: (asked, run) => locked('verify', async () => (await backup()).verify(host, asked, run)),
      delete: (asked, run) => locked('delete of a snapshot', async () => (await backup()).remove(host, asked, run)),
    },
    safety: async (cause, run) => (await backup()).safetySnapshot(host, cause, run),
    restore: async (id, run) => void (await (await backup()).restoreSnapshot(host, id, run)),
    recover: async (run) => ((await needsRecovery(host.folder)) ? (await backup()).recover(host, run) : undefined),
    needsRecovery: () => needsRecovery(host.folder),
  };
}

function hostOf(context: StackContext, plain: PlainActs): SnapshotHost {
  const { runtime, definition, core, name } = context;
  const services = Object.values(definition.services);
  return {
    stack: name,
    runtime,
    definition,
    specHashes: Object.fromEntries(services.map((spec) => [spec.name, specHash(spec)])),
    folder: core.paths.snapshots(name),
    states: (signal) => readSeedStates(context, signal),
    async versions() {
      const [facts, observed] = await Promise.all([readFacts(core.paths.facts(name)), runtime.observe(definition)]);
      const known = services.flatMap((spec) => {
        const instance = instanceOf(observed, spec.name);
        const fact = facts[spec.name];
        return instance && fact && fact.run === runOf(instance) ? [[spec.name, fact.version] as const] : [];
      });
      return new Map(known);
    },
    async verify(service, signal) {
      const spec = definition.services[service]!;
      const [{ kindOf }, connection] = await Promise.all([import('../services/registry.ts'), connectionNow(context, spec)]);
      await (await kindOf(spec.kind!).access()).verify(connection, signal);
    },
    up: plain.up,
    stop: plain.stop,
  };
}
