/** A tool for looking at the window in a chosen state, with no servers: `node test/e2e/window-states.ts healthy 4401`. */
import { createRouter } from '../../main/api/router.ts';
import { createTasks } from '../../main/core/tasks.ts';
import { openWebDoor } from '../../main/doors/web/server.ts';
import { NoodleError } from '../../main/errors.ts';
import { createFakeCore } from '../support/fake-core.ts';
import { events, lines, type StateName, seeds, series, stateNames, status } from './window-samples.ts';

const state = stateNames.find((each) => each === process.argv[2]);
if (state === undefined) throw new Error(`Name one of ${stateNames.join(', ')}.`);

const core = createFakeCore();
const tasks = createTasks();
core.status = status(state);
core.hang = true;
core.events = events(state);
core.losses = [
  '5 volumes: noodlebox_postgres-data, noodlebox_redis-data',
  'postgres: 100 users, 300 projects, 5,000 compilation_jobs',
  'redis: 88 session:*, 1,000 model:*',
];
const open = core.open.bind(core);
core.open = async (options) => ({
  ...(await open(options)),
  stats: () => series(state),
  seedState: async () => [...seeds(state)],
  status: () => telling(state),
  logSession: () => sampleLogs(state),
});
const stack = await open({ stack: 'noodlebox' });
if (core.events.length > 0) {
  if (state === 'failing') {
    core.hang = false;
    core.failure = new NoodleError({
      code: 'port-taken',
      what: 'Port 6379 is taken, so redis cannot start.',
      why: 'redis-server (pid 4120, user dev) listens on 127.0.0.1:6379.',
      todo: 'Stop that server, or give this stack another port.',
      command: 'NOODLEBOX_REDIS_PORT=6380 npx noodlebox up',
    });
  }
  tasks.start('up', 'noodlebox', 'Starting the stack', (run) => stack.up([], { seed: true, install: true }, run));
}

const door = await openWebDoor({
  router: createRouter({ core, tasks, door: 'web', version: '0.1.0' }),
  shelf: core.shelf,
  folder: 'dist/renderer',
  port: Number(process.argv[3] ?? 0),
});
process.stdout.write(`${door.link()}\n`);

async function telling(name: StateName) {
  return status(name);
}

function sampleLogs(name: StateName) {
  const total = name === 'empty' ? 0 : 5_000_000;
  let step = 1;
  let grown = total;
  return {
    async *progress(signal: AbortSignal) {
      for (; !signal.aborted; grown += total === 0 ? 0 : 40) {
        yield { total: grown, matched: Math.floor(grown / step), first: 0, dropped: 0, reading: false };
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    },
    async filter({ services, levels, text }: { services: readonly string[]; levels: readonly string[]; text: string }) {
      step = 1 + services.length + levels.length + text.length * 10;
      return { matched: Math.floor(grown / step) };
    },
    page: async (from: number, count: number) => lines(from, count, step),
    close: async () => undefined,
  };
}
