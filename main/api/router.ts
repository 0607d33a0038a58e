/** The contract over the core: each procedure hands its input on and its answer back. */
import type { TaskKind, TaskSummary } from '../../preload/contract/models.ts';
import type { Core, LogSession, RunOptions, Stack, Tasks } from '../core/core.ts';
import { NoodleError } from '../errors.ts';
import { backupsRouter } from './backups.ts';
import { bundlesRouter } from './bundles.ts';
import { cacheRouter } from './cache.ts';
import { documentsRouter } from './documents.ts';
import { metricsRouter } from './metrics.ts';
import { notebookRouter } from './notebook.ts';
import { createParts, implementer, untilClosed } from './parts.ts';
import { pitrRouter } from './pitr.ts';
import { scheduleRouter } from './schedule.ts';
import { snapshotsRouter } from './snapshots.ts';
import { sqlRouter } from './sql.ts';
import { topicsRouter } from './topics.ts';

export interface ApiContext {
  readonly core: Core;
  readonly tasks: Tasks;
  readonly door: 'electron' | 'web';
  readonly version: string;
}

/** One router serves all windows of a door. */
export function createRouter({ core, tasks, door, version }: ApiContext) {
  const parts = createParts(core, tasks);
  const { credits, stack: stackOf, stream } = parts;
  const sessions = new Map<string, LogSession>();
  const os = implementer();
  const begin = async (
    kind: TaskKind,
    name: string,
    title: string,
    act: (stack: Stack, run: RunOptions) => Promise<void>,
  ): Promise<TaskSummary> => {
    const stack = await stackOf(name);
    return tasks.start(kind, name, title, (run) => act(stack, run));
  };
  const sessionOf = (id: string): LogSession => {
    const session = sessions.get(id);
    if (!session) throw new NoodleError({ code: 'bad-argument', what: 'This log stream has ended.', todo: 'Open the panel again.' });
    return session;
  };

  return os.router({
    app: {
      info: os.app.info.handler(() => ({
        version,
        node: process.version,
        platform: `${process.platform}/${process.arch}`,
        home: core.home,
        door,
      })),
      settings: {
        get: os.app.settings.get.handler(() => core.settings()),
        set: os.app.settings.set.handler(({ input }) => core.saveSettings(input)),
      },
      doctor: os.app.doctor.handler(async ({ signal }) => [...(await core.doctor(signal))]),
    },
    streams: {
      grant: os.streams.grant.handler(({ input }) => credits.grant(input.stream, input.credit)),
    },
    stack: {
      list: os.stack.list.handler(async () => [...(await core.stacks())]),
      add: os.stack.add.handler(async ({ input }) => core.add(input)),
      forgettable: os.stack.forgettable.handler(async ({ input }) => [...(await core.forgettable(input.stack))]),
      forget: os.stack.forget.handler(({ input }) => core.forget(input.stack)),
      status: os.stack.status.handler(async ({ input, signal }) => (await stackOf(input.stack)).status(signal)),
      watch: os.stack.watch.handler(async ({ input, signal }) => {
        const stack = await stackOf(input.stack);
        stack.monitor();
        return stream(input.stream, stack.watch(signal ?? untilClosed), signal);
      }),
      stats: os.stack.stats.handler(async ({ input }) => {
        const series = Object.entries((await stackOf(input.stack)).stats());
        return Object.fromEntries(series.map(([service, points]) => [service, [...points]]));
      }),
      plan: os.stack.plan.handler(async ({ input }) => [...(await (await stackOf(input.stack)).plan(input.services, { seed: true }))]),
      up: os.stack.up.handler(({ input }) =>
        begin('up', input.stack, titled('Starting', input.services), (stack, run) =>
          stack.up(input.services, { seed: input.seed, install: true }, run),
        ),
      ),
      down: os.stack.down.handler(({ input }) =>
        begin('down', input.stack, input.volumes ? 'Taking the stack down with its data' : 'Taking the stack down', (stack, run) =>
          stack.down({ volumes: input.volumes, snapshot: input.snapshot }, run),
        ),
      ),
      stop: os.stack.stop.handler(({ input }) =>
        begin('stop', input.stack, titled('Stopping', input.services), (stack, run) => stack.stop(input.services, run)),
      ),
      restart: os.stack.restart.handler(({ input }) =>
        begin('restart', input.stack, titled('Restarting', input.services), (stack, run) => stack.restart(input.services, run)),
      ),
      reset: os.stack.reset.handler(({ input }) =>
        begin('reset', input.stack, 'Deleting all data and filling the stack anew', (stack, run) =>
          stack.reset({ snapshot: input.snapshot }, run),
        ),
      ),
      losses: os.stack.losses.handler(async ({ input }) => [...(await (await stackOf(input.stack)).losses(input.act))]),
      connection: os.stack.connection.handler(async ({ input }) => ({
        url: (await (await stackOf(input.stack)).connection(input.service)).url,
      })),
    },
    tasks: {
      list: os.tasks.list.handler(({ input }) => [...tasks.list(input.stack)]),
      watch: os.tasks.watch.handler(({ input, signal }) =>
        stream(input.stream, copied(tasks.watch(input.task, signal ?? untilClosed)), signal),
      ),
      cancel: os.tasks.cancel.handler(({ input }) => tasks.cancel(input.task)),
    },
    seeding: {
      state: os.seeding.state.handler(async ({ input, signal }) => [...(await (await stackOf(input.stack)).seedState(signal))]),
      run: os.seeding.run.handler(({ input: { stack: name, scale, seed } }) =>
        begin('seed', name, `Loading data at scale ${scale}`, (stack, run) => stack.seed({ scale, seed }, run)),
      ),
    },
    logs: {
      follow: os.logs.follow.handler(async ({ input, signal = untilClosed }) => {
        const stack = await stackOf(input.stack);
        signal.throwIfAborted();
        const session = stack.logSession(input.since);
        sessions.set(input.stream, session);
        const end = once(async () => {
          if (sessions.get(input.stream) === session) sessions.delete(input.stream);
          await session.close();
        });
        // A reader that goes before it has read anything leaves an iterator that never began, and so never ends.
        signal.addEventListener('abort', () => void end(), { once: true });
        return stream(input.stream, endingWith(end, session.progress(signal)), signal);
      }),
      filter: os.logs.filter.handler(({ input: { stream: id, ...filter } }) => sessionOf(id).filter(filter)),
      page: os.logs.page.handler(async ({ input }) => [...(await sessionOf(input.stream).page(input.from, input.count))]),
    },
    servers: {
      list: os.servers.list.handler(async () => [...(await core.servers())]),
      install: os.servers.install.handler(async ({ input }) => {
        const { stack } = await core.settings();
        return tasks.start('install', stack, titled('Installing', input.kinds), (run) => core.installServers(input.kinds, run));
      }),
    },
    notebook: notebookRouter(os.notebook, parts),
    trace: {
      find: os.trace.find.handler(async ({ input, signal }) => (await stackOf(input.stack)).trace(input.id, signal ?? untilClosed)),
      example: os.trace.example.handler(async ({ input }) => (await stackOf(input.stack)).exampleId()),
    },
    lookup: {
      names: os.lookup.names.handler(async ({ input, signal }) => (await stackOf(input.stack)).names(input.text, signal ?? untilClosed)),
    },
    sql: sqlRouter(os.sql, parts),
    cache: cacheRouter(os.cache, parts),
    topics: topicsRouter(os.topics, parts),
    documents: documentsRouter(os.documents, parts),
    metrics: metricsRouter(os.metrics, parts),
    snapshots: snapshotsRouter(os.snapshots, parts, begin),
    pitr: pitrRouter(os.pitr, parts, begin),
    schedule: scheduleRouter(os.schedule, parts, begin),
    backups: backupsRouter(os.backups, parts, begin),
    bundles: bundlesRouter(os.bundles, parts, core, tasks),
  });
}
export type Router = ReturnType<typeof createRouter>;

function titled(verb: string, services: readonly string[]): string {
  return `${verb} ${services.length > 0 ? services.join(', ') : 'the stack'}`;
}

async function* copied<T>(batches: AsyncIterable<readonly T[]>): AsyncGenerator<T[]> {
  for await (const batch of batches) yield [...batch];
}

async function* endingWith<T>(end: () => Promise<void>, source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } finally {
    await end();
  }
}

function once(act: () => Promise<void>): () => Promise<void> {
  let acting: Promise<void> | undefined;
  return () => {
    acting ??= act();
    return acting;
  };
}
