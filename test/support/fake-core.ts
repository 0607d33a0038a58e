/** A core without servers, for specs of the doors: it keeps what was asked of it, and answers what the spec set. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Core, LogSession, RunOptions, Stack } from '../../main/core/core.ts';
import { NoodleError } from '../../main/errors.ts';
import { defaultSettings } from '../../main/home/settings.ts';
import { Shelf } from '../../main/home/shelf.ts';
import { SpoolFolder } from '../../main/home/spool-folder.ts';
import type {
  PlannedOperation,
  ServiceState,
  ServiceStatus,
  Settings,
  StackStatus,
  StackSummary,
  TaskEvent,
} from '../../preload/contract/index.ts';
import type { LogLine } from '../../preload/contract/models.ts';

export interface FakeCore extends Core {
  /** Acts in the order they were asked for: `up postgres`, `reset`. */
  readonly asked: string[];
  /** What the next long acts tell, and what they throw in the end. */
  events: readonly TaskEvent[];
  failure: Error | undefined;
  /** Long acts wait until they are cancelled. */
  hang: boolean;
  losses: readonly string[];
  operations: readonly PlannedOperation[];
  lines: readonly (readonly LogLine[])[];
  status: StackStatus;
  /** Called by a spec to have followers told. */
  change(state: ServiceState): void;
  readonly openSessions: Set<LogSession>;
  /** Streams that are being followed. */
  watching: number;
  closed: boolean;
  /** Where its shelf is: specs that put something there remove it. */
  readonly spool: SpoolFolder;
}

export function fakeStatus(state: ServiceState = 'healthy'): StackStatus {
  return {
    stack: 'noodlebox',
    runtime: { kind: 'docker', title: 'Docker 28.2', endpoint: 'unix:///var/run/docker.sock', version: '28.2', remote: false },
    overall: state,
    services: [fakeService('postgres', state), fakeService('redis', state)],
  };
}

function fakeService(name: 'postgres' | 'redis', state: ServiceState): ServiceStatus {
  return {
    name,
    kind: name,
    state,
    health: [{ name: 'process', level: 'ok', message: 'runs' }],
    reasons: [],
    url: `${name}://noodle_user:***@127.0.0.1:5432/noodle_db`,
    host: '127.0.0.1',
    port: 5432,
    version: '17.5',
    image: `${name}:17`,
    pid: null,
    container: 'c0ffee',
    cpu: 0.12,
    memory: 50 * 2 ** 20,
    startedAt: 1_700_000_000_000,
    notes: [],
  };
}

/** What panels ask is tested on real servers. */
const notFaked = (): never => {
  throw new NoodleError({ code: 'service-unreachable', what: 'There is no server behind this core.' });
};

export function createFakeCore(): FakeCore {
  let settings: Settings = defaultSettings;
  const spool = new SpoolFolder(join(tmpdir(), 'noodlebox-fake'));
  let wake = Promise.withResolvers<void>();

  const act = async (words: string, run: RunOptions): Promise<void> => {
    core.asked.push(words);
    for (const event of core.events) run.onEvent(event);
    if (core.hang) await new Promise<void>((resolve) => run.signal.addEventListener('abort', () => resolve(), { once: true }));
    if (run.signal.aborted) throw new DOMException('Cancelled', 'AbortError');
    if (core.failure) throw core.failure;
  };
  const words = (verb: string, services: readonly string[]): string => [verb, ...services].join(' ');

  const logSession = (): LogSession => {
    const session: LogSession = {
      async *progress(signal) {
        for (let total = 1; !signal.aborted; total++) {
          yield { total, matched: total, first: 0, dropped: 0, reading: false };
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      },
      filter: async () => ({ matched: 7 }),
      page: async (from, count) =>
        core.lines
          .flat()
          .slice(from, from + count)
          .map((line, at) => ({ ...line, index: from + at })),
      async close() {
        core.openSessions.delete(session);
      },
    };
    core.openSessions.add(session);
    return session;
  };

  const stack: Stack = {
    name: 'noodlebox',
    status: async () => core.status,
    async *watch(signal) {
      core.watching++;
      try {
        const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        while (!signal.aborted) {
          const { promise } = wake;
          yield core.status;
          await Promise.race([promise, aborted]);
        }
      } finally {
        core.watching--;
      }
    },
    stats: () => ({}),
    monitor: () => {},
    async plan(services, { seed }) {
      core.asked.push(words(seed ? 'plan' : 'plan without seed', services));
      return core.operations;
    },
    up: (services, { seed, install }, run) =>
      act(`${words('up', services)}${seed ? '' : ' without seed'}${install ? '' : ' without install'}`, run),
    down: ({ volumes }, run) => act(volumes ? 'down with volumes' : 'down', run),
    stop: (services, run) => act(words('stop', services), run),
    restart: (services, run) => act(words('restart', services), run),
    reset: (_options, run) => act('reset', run),
    seed: ({ scale, seed }, run) => act(`seed ${scale} ${seed}`, run),
    seedState: async () => [],
    losses: async () => core.losses,
    environment: async () => ({ DATABASE_URL: "postgresql://u:it's $x@127.0.0.1/db", REDIS_URL: 'redis://127.0.0.1:6379' }),
    composeEnvironment: async () => ({ NOODLEBOX_POSTGRES_PASSWORD: 'hidden' }),
    connection: async (service) => {
      if (service !== 'postgres' && service !== 'redis') {
        throw new NoodleError({ code: 'unknown-service', what: `There is no service "${service}".`, todo: 'Name one of postgres, redis.' });
      }
      const url = `${service}://127.0.0.1:5432`;
      return { kind: service, host: '127.0.0.1', port: 5432, url, maskedUrl: url, environment: {}, parts: {} };
    },
    async *logs({ services, signal, follow }) {
      core.asked.push(words('logs', services));
      yield* core.lines;
      if (follow && !signal.aborted)
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
    logSession,
    session: notFaked,
    serviceOfKind: notFaked,
    notebook: notFaked,
    trace: notFaked,
    exampleId: notFaked,
    names: notFaked,
    schedule: { list: async () => ({ entries: [], results: [] }), set: notFaked, remove: notFaked, run: notFaked, runDue: notFaked },
    pitr: () => {
      throw new Error('there are no physical backups here');
    },
    snapshots: {
      list: async () => [],
      show: notFaked,
      outlook: notFaked,
      create: notFaked,
      restore: notFaked,
      verify: notFaked,
      delete: notFaked,
      branch: notFaked,
      hot: notFaked,
      renew: notFaked,
      diffCounts: notFaked,
      diff: notFaked,
      retention: notFaked,
      setRetention: notFaked,
    },
    backups: {
      list: async () => [],
      show: notFaked,
      outlook: notFaked,
      create: notFaked,
      restore: notFaked,
      verify: notFaked,
      delete: notFaked,
    },
    bundle: notFaked,
    recover: async () => undefined,
    close: async () => {},
  };

  const core: FakeCore = {
    spool,
    shelf: new Shelf(spool),
    asked: [],
    events: [],
    failure: undefined,
    hang: false,
    losses: [],
    operations: [],
    lines: [],
    status: fakeStatus(),
    change(state) {
      core.status = fakeStatus(state);
      wake.resolve();
      wake = Promise.withResolvers<void>();
    },
    openSessions: new Set(),
    watching: 0,
    closed: false,
    home: '/nowhere',
    settings: async () => settings,
    async saveSettings(change) {
      settings = { ...settings, ...change };
      return settings;
    },
    doctor: async () => [{ name: 'Node.js', level: 'ok', message: 'v24', command: null }],
    stacks: async (): Promise<StackSummary[]> => [{ name: 'noodlebox', runtime: 'docker', file: null, running: 2, services: 2 }],
    async open({ stack: name, file }) {
      core.asked.push(`open ${name}${file ? ` of ${file}` : ''}`);
      if (name === 'nowhere')
        throw new NoodleError({ code: 'unknown-stack', what: 'There is no stack "nowhere".', command: 'noodlebox stacks' });
      return stack;
    },
    forgettable: notFaked,
    forget: notFaked,
    add: async ({ stack: name }) => ({ name, runtime: 'docker', file: null, running: 0, services: 0 }),
    bundles: { inspect: notFaked, import: notFaked, pull: notFaked },
    servers: async () => [],
    installServers: (kinds, run) => act(words('install', kinds), run),
    async close() {
      core.closed = true;
    },
  };
  return core;
}
