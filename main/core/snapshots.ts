/** Snapshots (`main/backup/snapshots`) put together with the stack they are of. */
import type { Run, SnapshotHost } from '../backup/snapshots/host.ts';
import { needsRecovery } from '../backup/snapshots/leftovers.ts';
import type { SafetyCause } from '../backup/snapshots/snapshots.ts';
import { asNoodleError } from '../errors.ts';
import { specHash } from '../stack/definition/hash.ts';
import type { MakeStack } from './beside.ts';
import { checksOf } from './checks.ts';
import { instanceOf, type StackContext } from './context.ts';
import type { SnapshotActs } from './core.ts';
import { readFacts, runOf } from './facts.ts';
import { lossesOf } from './losses.ts';

/** Without taking the lock. */
interface PlainActs {
  up(services: readonly string[], run: Run): Promise<void>;
  stop(services: readonly string[], run: Run): Promise<void>;
}

type Locked = <T>(purpose: string, act: () => Promise<T>) => Promise<T>;

export interface StackSnapshots {
  readonly host: SnapshotHost;
  readonly acts: SnapshotActs;
  /** The lock is held. */
  safety(cause: SafetyCause, run: Run): Promise<string | undefined>;
  /** The lock is held. */
  restore(id: string, run: Run): Promise<void>;
  /** The lock is held. */
  recover(run: Run): Promise<string | undefined>;
  needsRecovery(): Promise<boolean>;
}

/** @param replaced told before a restore replaces all data */
export function snapshotActs(
  context: StackContext,
  plain: PlainActs,
  locked: Locked,
  make: MakeStack,
  replaced: () => Promise<void>,
): StackSnapshots {
  const host = hostOf(context, plain, make);
  /** What a killed process may have left at work has to end first: it would hold on to volumes. */
  const alone: Locked = (purpose, act) =>
    locked(purpose, async () => {
      await host.runtime.copies.clear(host.stack);
      return act();
    });
  // Loaded when needed: most calls of the CLI make no snapshot.
  const backup = () => import('../backup/snapshots/snapshots.ts');
  const diffing = () => import('../backup/snapshots/diff/diff.ts');
  return {
    host,
    acts: {
      list: async () => (await backup()).listSnapshots(host.folder),
      show: async (asked) => (await backup()).findSnapshot(host.folder, asked),
      outlook: async (asked, act) => (await backup()).outlook(host, asked, act, () => lossesOf(context, 'reset')),
      create: (request, run) => alone('snapshot', async () => (await backup()).create(host, request, run)),
      restore: (asked, run, options) => alone('restore', async () => (await backup()).restoreSnapshot(host, asked, run, options, replaced)),
      verify: (asked, run, { rehearse = false } = {}) => alone('verify', async () => (await backup()).verify(host, asked, run, rehearse)),
      branch: (asked, name, run) => alone('branch', async () => (await backup()).branchSnapshot(host, asked, name, run)),
      hot: (asked, on, run) => alone('hot copy', async () => (await backup()).setHot(host, asked, on, run)),
      async renew(run) {
        // Whoever has the lock finishes the restore before it does anything else.
        await locked('finishing a restore', async () => (await backup()).tidy(host, run)).catch((error: unknown) => {
          if (asNoodleError(error).code !== 'stack-busy') throw error;
        });
        await (await backup()).renewHot(host, run);
      },
      diffCounts: async (request, signal) => (await diffing()).diffCounts(host, request, signal),
      diff: (request, run) => alone('diff', async () => (await diffing()).diffSnapshots(host, request, run)),
      retention: async (asked) => (await backup()).retention(host, asked),
      setRetention: (asked) => locked('retention', async () => (await backup()).setRetention(host, asked)),
      delete: (asked, run) => alone('delete of a snapshot', async () => (await backup()).remove(host, asked, run)),
    },
    safety: async (cause, run) => (await backup()).safetySnapshot(host, cause, run),
    // What a failed act left is taken back: nothing stands between, and what is there may not even run.
    restore: async (id, run) => void (await (await backup()).restoreSnapshot(host, id, run, { rehearse: false })),
    recover: async (run) => ((await needsRecovery(host.folder)) ? (await backup()).recover(host, run) : undefined),
    needsRecovery: () => needsRecovery(host.folder),
  };
}

function hostOf(context: StackContext, plain: PlainActs, make: MakeStack): SnapshotHost {
  const { runtime, definition, core, name } = context;
  const services = Object.values(definition.services);
  const beside = () => import('./beside.ts');
  return {
    ...checksOf(context),
    runtime,
    specHashes: Object.fromEntries(services.map((spec) => [spec.name, specHash(spec)])),
    folder: core.paths.snapshots(name),
    async versions() {
      const [facts, observed] = await Promise.all([readFacts(core.paths.facts(name)), runtime.observe(definition)]);
      const known = services.flatMap((spec) => {
        const instance = instanceOf(observed, spec.name);
        const fact = facts[spec.name];
        return instance && fact && fact.run === runOf(instance) ? [[spec.name, fact.version] as const] : [];
      });
      return new Map(known);
    },
    up: plain.up,
    stop: plain.stop,
    isFreeName: async (other) => (await beside()).isFreeName(context, other),
    beside: async (other, snapshot) => (await beside()).makeBeside(context, other, snapshot, make),
    removeBeside: async (other, run) => (await beside()).removeBeside(context, other, run, make),
  };
}
