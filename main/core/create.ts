import { existsSync } from 'node:fs';
import type { Settings, StackSummary } from '../../preload/contract/models.ts';
import { asNoodleError } from '../errors.ts';
import { homeFolder, homePaths } from '../home/paths.ts';
import { readSettings, writeSettings } from '../home/settings.ts';
import { Shelf } from '../home/shelf.ts';
import { SpoolFolder } from '../home/spool-folder.ts';
import { knownStacks, readStackRecord } from '../home/stack-record.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { CoreContext, Env } from './context.ts';
import type { Core, Stack } from './core.ts';
import { findings } from './doctor.ts';
import { openStack, remember } from './open.ts';
import { openDockerRuntime, openNativeRuntime } from './runtimes.ts';
import { installServers, listServers } from './servers.ts';
import { createStack } from './stack.ts';

/** Puts the core together. @param options.home the data home; default: see `homeFolder` */
export async function createCore(options: {
  readonly home?: string;
  readonly env: Env;
  readonly onNotice?: (message: string) => void;
}): Promise<Core> {
  const home = options.home ?? homeFolder(options.env);
  const paths = homePaths(home);
  let reading: Promise<Settings> | undefined;
  const settings = (): Promise<Settings> => {
    reading ??= readSettings(paths.settings).then(({ settings: read, notice }) => {
      if (notice) options.onNotice?.(notice);
      return read;
    });
    return reading;
  };
  const context: CoreContext = { env: options.env, home, paths, settings };
  /** Opened stacks by name: windows share one, so that a task of one is seen by all. */
  const stacks = new Map<string, Promise<Stack>>();
  const spool = new SpoolFolder(paths.spool);
  /** What killed ones have left goes before anything else is done. */
  const cleared = async () => {
    await spool.sweep();
    if (!existsSync(paths.imports)) return;
    const { clearImports } = await import('./imports.ts');
    for (const message of await clearImports(context, spool)) options.onNotice?.(message);
  };

  return {
    home,
    shelf: new Shelf(spool),
    settings,
    async saveSettings(change) {
      const merged = { ...(await settings()), ...change };
      await writeSettings(paths.settings, merged);
      reading = Promise.resolve(merged);
      return merged;
    },
    doctor: (signal) => findings(context, signal),

    async open(request) {
      await cleared();
      const key = JSON.stringify([request.stack, request.runtime ?? 'auto', request.file ?? null]);
      let opening = stacks.get(key);
      if (!opening) {
        opening = openStack(context, request).then((opened) => recovered(createStack(opened, spool), options.onNotice));
        stacks.set(key, opening);
        // A stack that could not be opened is tried afresh the next time.
        opening.catch(() => stacks.delete(key));
      }
      return opening;
    },

    bundles: {
      inspect: async (file, keys, signal) => (await import('../backup/bundles/file.ts')).inspectBundle(file, keys, signal),
      async import(from, to, run) {
        await cleared();
        return (await import('./imports.ts')).importBundle(context, spool, from, to, run);
      },
      pull: async (from, request, run) => (await import('./bundles.ts')).pullFrom(context, spool, from, request, run),
    },

    async add({ stack, runtime }) {
      const opened = await openStack(context, { stack, runtime });
      await remember(opened, {});
      await opened.runtime.close();
      return { name: stack, runtime: opened.runtime.kind, file: opened.record.file, running: 0, services: 0 };
    },

    async forgettable(stack) {
      await cleared();
      return (await import('./forget.ts')).forgettable(context, stack);
    },
    async forget(stack) {
      await cleared();
      await (await import('./forget.ts')).forgetStack(context, stack, async () => {
        for (const [key, opened] of [...stacks]) {
          if ((JSON.parse(key) as [string])[0] !== stack) continue;
          stacks.delete(key);
          await opened.then((each) => each.close()).catch(() => {});
        }
      });
    },

    async stacks() {
      await cleared();
      return summaries(context);
    },
    servers: () => listServers(context),
    installServers: (kinds, run) => installServers(context, kinds, run),

    async close() {
      const opened = await Promise.allSettled(stacks.values());
      await Promise.all(opened.map((result) => (result.status === 'fulfilled' ? result.value.close() : undefined)));
      await spool.remove();
      stacks.clear();
    },
  };
}

/** A stack that cannot be recovered now can still be looked at: what changes it tries again, and says why it cannot. */
async function recovered(stack: Stack, onNotice: (message: string) => void = () => {}): Promise<Stack> {
  const told = await stack.recover().catch((error: unknown) => asNoodleError(error).message);
  if (told) onNotice(told);
  return stack;
}

/** Stacks this home knows and those found on the runtimes that answer. */
async function summaries(core: CoreContext): Promise<readonly StackSummary[]> {
  const runtimes = await Promise.allSettled([openDockerRuntime(core), openNativeRuntime(core)]);
  const answering = runtimes.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const found = new Map<string, Runtime>();
  for (const runtime of answering) for (const name of await runtime.stacks()) found.set(name, runtime);
  const names = new Set([...(await knownStacks(core.paths)), ...found.keys()]);
  const all = await Promise.all([...names].sort().map((name) => summary(core, name, found.get(name))));
  await Promise.all(answering.map((runtime) => runtime.close()));
  return all;
}

async function summary(core: CoreContext, name: string, runtime: Runtime | undefined): Promise<StackSummary> {
  const record = await readStackRecord(core.paths, name).catch(() => undefined);
  const empty: StackSummary = {
    name,
    runtime: record?.runtime ?? runtime?.kind ?? null,
    file: record?.file ?? null,
    running: 0,
    services: 0,
  };
  if (!runtime) return empty;
  const bare = { name, file: record?.file ?? '', services: {}, volumes: {}, networks: {} };
  const { instances } = await runtime.observe(bare);
  return { ...empty, running: instances.filter(({ state }) => state === 'running').length, services: instances.length };
}
