import type { PlannedOperation, TaskEvent } from '../../preload/contract/models.ts';
import { asNoodleError } from '../errors.ts';
import { takeLock } from '../home/lock.ts';
import type { Notebook } from '../home/notebook.ts';
import { SpoolFolder } from '../home/spool-folder.ts';
import type { Definition } from '../runtime/spec.ts';
import { execute } from '../stack/execute.ts';
import { serviceOf, withDependants, withDependencies } from '../stack/order.ts';
import { planDown, planReset, planRestart, planStop, planUp } from '../stack/plan.ts';
import { backupActs } from './backups.ts';
import type { StackContext } from './context.ts';
import type { RunOptions, Stack, StackLogOptions } from './core.ts';
import { composeVariables, environmentOf } from './environment.ts';
import { learn, runOf } from './facts.ts';
import { connectionNow, type Filling, fillService, guardDataVersion, readSeedStates, seedsChecksum } from './fill.ts';
import { openLogSession, stackLogs } from './logs.ts';
import { lossesOf } from './losses.ts';
import { StackMonitor } from './monitor.ts';
import { remember } from './open.ts';
import { pitrActs } from './pitr.ts';
import { hashes, kinds, placed, upInput } from './planning.ts';
import { StackSchedule } from './schedule.ts';
import { serviceOfKind } from './service-of-kind.ts';
import { Sessions } from './sessions.ts';
import { snapshotActs } from './snapshots.ts';
import { exampleId, lookUpNames, traceId } from './trace.ts';
import { StackWatch } from './watch.ts';

const missing: Filling = { fill: 'missing' };

interface RunChoices {
  readonly filling?: Filling;
  readonly install?: boolean;
}

/** One opened stack and what can be done with it. Every act that changes it holds its lock. */
export function createStack(context: StackContext, spool: SpoolFolder = new SpoolFolder(context.core.paths.spool)): Stack {
  const { runtime, name, core } = context;
  const facts = core.paths.facts(name);
  const sessions = new Sessions(context, spool);
  const monitor = new StackMonitor(context);
  let notebook: Promise<Notebook> | undefined;
  const watch = new StackWatch(context);

  /** Runs a plan with events told to the caller and shown in the status. */
  const run = async (
    operations: readonly PlannedOperation[],
    definition: Definition,
    options: RunOptions,
    { filling = missing, install = true }: RunChoices = {},
  ): Promise<void> => {
    const current: StackContext = { ...context, definition };
    const now = Date.now();
    const onEvent = (event: TaskEvent) => {
      watch.overlay(event);
      options.onEvent(event);
    };
    try {
      await execute(operations, {
        runtime,
        definition,
        specHashes: hashes(definition),
        signal: options.signal,
        onEvent,
        install,
        hooks: {
          guard: (spec) => guardDataVersion(current, spec),
          seed: async (spec, task) => {
            // Until this has ended well the store is not known to be filled: `up` looks again after a cancelled one.
            await learn(facts, spec.name, (known) => known && { ...known, seeds: null });
            const filled = await fillService(current, spec, filling, now, task);
            const instance = await runtime.inspect(name, spec.name);
            const seeds = await seedsChecksum(spec);
            if (instance) await learn(facts, spec.name, () => ({ ...filled, run: runOf(instance), seeds }));
          },
        },
      });
    } finally {
      watch.taskEnded();
    }
  };

  const locked = async <T>(purpose: string, act: () => Promise<T>): Promise<T> => {
    const lock = await takeLock(core.paths.lock(name), purpose, 'stack-busy');
    try {
      await recover();
      return await act();
    } finally {
      await lock.release();
    }
  };

  const plain = {
    async up(services: readonly string[], options: RunOptions): Promise<void> {
      const observed = await runtime.observe(context.definition, options.signal);
      const { definition, ports } = await placed(context, observed, services);
      await remember(context, ports);
      await run(planUp(await upInput(context, definition, observed, services, false)), definition, options);
    },
    async stop(services: readonly string[], options: RunOptions): Promise<void> {
      const observed = await runtime.observe(context.definition, options.signal);
      await run(planStop(withDependants(context.definition, services), observed, 'asked to stop'), context.definition, options);
    },
  };
  const snapshots = snapshotActs(context, plain, locked, createStack, () => backups.forgetPending());
  const backups = backupActs(context, snapshots, locked, createStack);
  const pitr = (service?: string) => pitrActs(context, serviceOfKind(context, 'postgres', service), snapshots.host, locked);
  const schedule = new StackSchedule(context, { snapshots: snapshots.acts, backups: backups.acts, pitr });
  /** The lock is held. */
  const recover = async () => {
    const run = { signal: new AbortController().signal, onEvent: () => {} };
    const told = [await snapshots.recover(run), await backups.recover(run)].filter((text) => text !== undefined);
    return told.length > 0 ? told.join(' ') : undefined;
  };

  return {
    name,
    status: (signal, options) => watch.status(signal, options),
    watch: (signal) => watch.follow(signal),
    stats: () => watch.stats(),
    monitor() {
      monitor.begin();
      schedule.begin();
    },

    async plan(services, { seed }) {
      const observed = await runtime.observe(context.definition);
      const { definition } = await placed(context, observed, services);
      return planUp(await upInput(context, definition, observed, services, seed));
    },

    up: (services, { seed, install }, options) =>
      locked('up', async () => {
        for (const message of context.notices) options.onEvent({ type: 'notice', level: 'warn', message });
        const observed = await runtime.observe(context.definition, options.signal);
        const { definition, ports, notices } = await placed(context, observed, services);
        for (const message of notices) options.onEvent({ type: 'notice', level: 'info', message });
        const operations = planUp(await upInput(context, definition, observed, services, seed));
        await remember(context, ports);
        await run(operations, definition, options, { install });
        // A restore of a backup that was cut off waits for its servers.
        const recovered = await backups.recover(options);
        if (recovered) options.onEvent({ type: 'notice', level: 'info', message: recovered });
      }),

    down: ({ volumes, snapshot }, options) =>
      locked('down', async () => {
        if (volumes && snapshot) await snapshots.safety('before-down', options);
        if (volumes) await backups.forgetPending();
        const observed = await runtime.observe(context.definition, options.signal);
        await run(planDown({ definition: context.definition, observed, volumes }), context.definition, options);
      }),

    stop: (services, options) => locked('stop', () => plain.stop(services, options)),

    restart: (services, options) =>
      locked('restart', async () => {
        const observed = await runtime.observe(context.definition, options.signal);
        const specs = withDependants(context.definition, services);
        await run(planRestart(specs, observed), context.definition, options);
      }),

    reset: ({ snapshot }, options) =>
      locked('reset', async () => {
        if (snapshot) await snapshots.safety('before-reset', options);
        await backups.forgetPending();
        const observed = await runtime.observe(context.definition, options.signal);
        const { definition, ports } = await placed(context, observed, []);
        const input = await upInput(context, definition, observed, [], true);
        await remember(context, ports);
        await run(planReset({ ...input, seed: kinds(definition) }), definition, options);
      }),

    seed: ({ scale, seed }, options) =>
      locked('seed', async () => {
        const specs = withDependencies(context.definition, []).filter((spec) => spec.kind);
        const operations = specs.map((spec): PlannedOperation => {
          return {
            id: `seed ${spec.name}`,
            kind: 'seed',
            service: spec.name,
            target: spec.name,
            cause: `scale ${scale}, seed ${seed}`,
            needs: [],
          };
        });
        await run(operations, context.definition, options, { filling: { fill: 'anew', scale, seed } });
      }),

    snapshots: snapshots.acts,
    pitr,
    schedule: schedule.acts,
    backups: backups.acts,
    bundle: async (request, options) => (await import('./bundles.ts')).bundleOf(context, spool, request, options),
    async recover() {
      if (!(await snapshots.needsRecovery()) && !(await backups.needsRecovery())) return undefined;
      const lock = await takeLock(core.paths.lock(name), 'recovery', 'stack-busy').catch((error: unknown) => {
        if (asNoodleError(error).code !== 'stack-busy') throw error;
      });
      if (!lock) return undefined;
      try {
        return await recover();
      } finally {
        await lock.release();
      }
    },

    seedState: (signal) => readSeedStates(context, signal ?? new AbortController().signal),
    losses: (act) => lossesOf(context, act),
    // What is told must still be true when the stack comes up: it is kept from now on.
    async environment() {
      await remember(context, {});
      return environmentOf(context);
    },
    async composeEnvironment() {
      await remember(context, {});
      return composeVariables(context);
    },

    connection: (service) => connectionNow(context, serviceOf(context.definition, service)),

    session: (kind, service) => sessions.open(kind, service),
    serviceOfKind: (kind, asked) => serviceOfKind(context, kind, asked),
    notebook() {
      // Loaded when it is needed: most CLI calls keep nothing.
      notebook ??= import('../home/notebook.ts').then(({ openNotebook }) => openNotebook(core.paths.notebook(name)));
      notebook.catch(() => {
        notebook = undefined;
      });
      return notebook;
    },
    trace: (id, signal) => traceId(context, sessions, id, signal),
    exampleId: () => exampleId(context),
    names: (text, signal) => lookUpNames(context, sessions, text, signal),

    logs: (options: StackLogOptions) => stackLogs(context, options),
    logSession: (since) => openLogSession(context, since),

    async close() {
      await Promise.all([monitor.close(), schedule.close()]);
      await sessions.close();
      (await notebook?.catch(() => undefined))?.close();
      await runtime.close();
    },
  };
}
