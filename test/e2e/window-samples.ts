/** Believable states of a stack, for looking at the window. */
import type {
  LogLevel,
  LogLine,
  SeedState,
  ServiceState,
  ServiceStatus,
  StackStatus,
  StatsPoint,
  TaskEvent,
} from '../../preload/contract/models.ts';

export const stateNames = ['empty', 'pulling', 'failing', 'healthy'] as const;
export type StateName = (typeof stateNames)[number];

const MiB = 2 ** 20;
const kinds = ['postgres', 'redis', 'pulsar', 'mongodb', 'influxdb'] as const;
type Kind = (typeof kinds)[number];

const facts: Record<Kind, { port: number; version: string; cpu: number; memory: number; image: string; scheme: string }> = {
  postgres: { port: 5432, version: 'PostgreSQL 17.10', cpu: 0.021, memory: 64 * MiB, image: 'postgres:17.5', scheme: 'postgresql' },
  redis: { port: 6379, version: 'Redis 8.0.3', cpu: 0.004, memory: 9 * MiB, image: 'redis:8.0', scheme: 'redis' },
  pulsar: { port: 6650, version: 'Pulsar 4.0.7', cpu: 0.38, memory: 812 * MiB, image: 'apachepulsar/pulsar:4.0.7', scheme: 'pulsar' },
  mongodb: { port: 27017, version: 'FerretDB 1.24.0', cpu: 0.012, memory: 48 * MiB, image: 'mongo:8.0', scheme: 'mongodb' },
  influxdb: { port: 8086, version: 'InfluxDB 2.7.12', cpu: 0.034, memory: 121 * MiB, image: 'influxdb:2.7', scheme: 'http' },
};

const states: Record<StateName, Record<Kind, ServiceState>> = {
  empty: { postgres: 'stopped', redis: 'stopped', pulsar: 'stopped', mongodb: 'stopped', influxdb: 'stopped' },
  pulling: { postgres: 'seeding', redis: 'healthy', pulsar: 'pulling', mongodb: 'starting', influxdb: 'creating' },
  failing: { postgres: 'healthy', redis: 'stopped', pulsar: 'exited', mongodb: 'unhealthy', influxdb: 'healthy' },
  healthy: { postgres: 'healthy', redis: 'healthy', pulsar: 'healthy', mongodb: 'healthy', influxdb: 'healthy' },
};

const reasons: Partial<Record<ServiceState, string[]>> = {
  unhealthy: ['mongod has not answered ping for 12 s: connection refused'],
  exited: ['exited with code 137: the kernel ended it for want of memory'],
  pulling: ['apachepulsar/pulsar:4.0.7 is 41 % here'],
  starting: ['waits for the replica set to elect a primary'],
};

export function status(name: StateName): StackStatus {
  const services = kinds.map((kind) => service(kind, states[name][kind]));
  const overall: ServiceState = { empty: 'stopped', pulling: 'starting', failing: 'unhealthy', healthy: 'healthy' }[name] as ServiceState;
  return {
    stack: 'noodlebox',
    runtime: {
      kind: 'docker',
      title: 'Docker 28.2',
      endpoint: 'unix:///var/run/docker.sock, a known socket',
      version: '28.2.2',
      remote: false,
    },
    overall,
    services,
  };
}

function service(kind: Kind, state: ServiceState): ServiceStatus {
  const fact = facts[kind];
  const up = ['healthy', 'unhealthy', 'seeding', 'starting'].includes(state);
  return {
    name: kind,
    kind,
    state,
    health: [],
    reasons: reasons[state] ?? [],
    url: up ? `${fact.scheme}://noodle_user:***@127.0.0.1:${fact.port}` : null,
    host: up ? '127.0.0.1' : null,
    port: up ? fact.port : null,
    version: up ? fact.version : null,
    image: fact.image,
    pid: null,
    container: up ? `noodlebox-${kind}-1` : null,
    cpu: up ? fact.cpu : null,
    memory: up ? fact.memory : null,
    startedAt: up ? Date.now() - 3_725_000 : null,
    notes: kind === 'mongodb' && up ? ['FerretDB stands in for mongod: no change streams, no validators'] : [],
  };
}

export function series(name: StateName): Record<string, StatsPoint[]> {
  if (name === 'empty') return {};
  const now = Date.now();
  return Object.fromEntries(
    kinds.map((kind, k) => [
      kind,
      Array.from({ length: name === 'pulling' ? 24 : 90 }, (_, i) => ({
        time: now - (90 - i) * 2000,
        cpu: facts[kind].cpu * (1 + 0.5 * Math.sin(i / 5 + k) + 0.8 * ((i * 7919 * (k + 3)) % 13 === 0 ? 2 : 0)),
        memory: facts[kind].memory * (0.9 + 0.1 * Math.sin(i / 17 + k)),
      })),
    ]),
  );
}

export function seeds(name: StateName): SeedState[] {
  const counts: Record<Kind, [string, number][]> = {
    postgres: [
      ['users', 100],
      ['projects', 300],
      ['jobs', 5000],
      ['models', 1000],
      ['metrics', 20_000],
    ],
    redis: [
      ['session:*', 100],
      ['job:*:result', 3112],
      ['model:*', 1000],
      ['counter:*', 42],
    ],
    pulsar: [
      ['job-events', 15_204],
      ['model-events', 2000],
      ['system-events', 500],
    ],
    mongodb: [
      ['profiles', 100],
      ['project_documents', 300],
      ['model_documents', 1000],
    ],
    influxdb: [
      ['job_metrics', 20_000],
      ['system_metrics', 43_200],
      ['api_metrics', 21_600],
    ],
  };
  return kinds.map((kind) => {
    const reachable = states[name][kind] === 'healthy';
    const partial = name !== 'healthy' && kind === 'influxdb';
    return {
      service: kind,
      kind,
      state: !reachable ? 'unreachable' : partial ? 'partial' : 'seeded',
      migrations: ['0001_schema', '0002_indexes'].map((id, i) => ({
        id,
        checksum: 'ab12',
        appliedAt: 1,
        state: partial && i === 1 ? 'pending' : 'applied',
      })),
      scale: reachable ? 1 : null,
      seed: reachable ? 1 : null,
      counts: reachable ? counts[kind].map(([each, rows]) => ({ name: each, rows })) : [],
      problem: reachable ? null : { code: 'unreachable', what: `${kind} does not run.` },
    };
  });
}

export function events(name: StateName): TaskEvent[] {
  if (name !== 'pulling' && name !== 'failing') return [];
  const operation = (kind: 'pull' | 'create' | 'start' | 'wait' | 'seed', of: string, cause: string, needs: string[] = []) => ({
    id: `${kind} ${of}`,
    kind,
    service: of,
    target: of,
    cause,
    needs,
  });
  const plan: TaskEvent = {
    type: 'plan',
    operations: [
      operation('pull', 'redis', 'image redis:8.0 is not here'),
      operation('pull', 'pulsar', 'image apachepulsar/pulsar:4.0.7 is not here'),
      operation('create', 'postgres', 'has no container'),
      operation('start', 'postgres', 'is not running', ['create postgres']),
      operation('wait', 'postgres', 'others need it healthy', ['start postgres']),
      operation('seed', 'postgres', '2 migrations are pending and no data was generated', ['wait postgres']),
      operation('create', 'redis', 'its definition changed: environment.REDIS_PASSWORD', ['pull redis']),
      operation('start', 'redis', 'is not running', ['create redis']),
      operation('create', 'pulsar', 'has no container', ['pull pulsar']),
      operation('start', 'pulsar', 'is not running', ['create pulsar']),
    ],
  };
  const began: TaskEvent[] = [
    plan,
    { type: 'notice', level: 'warn', message: 'Port 8080 is taken by node (pid 812); pulsar gets 8081.' },
    { type: 'operation', id: 'pull redis', state: 'done', took: 6210 },
    { type: 'operation', id: 'create postgres', state: 'done', took: 84 },
    { type: 'operation', id: 'start postgres', state: 'done', took: 231 },
    { type: 'operation', id: 'wait postgres', state: 'done', took: 1480 },
  ];
  if (name === 'failing') {
    const problem = {
      code: 'port-taken',
      what: 'Port 6379 is taken, so redis cannot start.',
      why: 'redis-server (pid 4120, user dev) listens on 127.0.0.1:6379.',
    };
    return [
      ...began,
      { type: 'operation', id: 'create redis', state: 'done', took: 65 },
      { type: 'operation', id: 'start redis', state: 'failed', took: 12, problem },
      { type: 'operation', id: 'create pulsar', state: 'skipped' },
      { type: 'operation', id: 'start pulsar', state: 'skipped' },
    ];
  }
  const layers = [
    { id: '3b4f21d0a1c2', status: 'Downloading', current: 120 * MiB, total: 310 * MiB },
    { id: '9c01ff20e77a', status: 'Extracting', current: 31 * MiB, total: 48 * MiB },
    { id: 'e1caac4eb9d2', status: 'Pull complete', current: 29 * MiB, total: 29 * MiB },
  ];
  return [
    ...began,
    { type: 'operation', id: 'pull pulsar', state: 'running' },
    { type: 'progress', id: 'pull pulsar', progress: { kind: 'layers', current: 180 * MiB, total: 387 * MiB, layers } },
    { type: 'operation', id: 'seed postgres', state: 'running' },
    { type: 'progress', id: 'seed postgres', progress: { kind: 'rows', current: 11_204, total: 26_400, label: 'metrics' } },
  ];
}

const levels: LogLevel[] = ['info', 'info', 'info', 'debug', 'info', 'warn', 'info', 'info', 'error', 'info', 'info'];
const texts = [
  'LOG:  checkpoint complete: wrote 42 buffers (0.3%); 0 WAL file(s) added, 0 removed, 0 recycled; write=4.105 s, sync=0.010 s, total=4.131 s',
  '1:M 24 Nov 2026 04:13:02.114 * Background saving terminated with success',
  '2026-11-24T04:13:02,381+0000 [pulsar-io-4-2] INFO  org.apache.pulsar.broker.service.ServerCnx - [127.0.0.1:51324] Created new producer: persistent://noodle/default/job-events',
  '{"t":{"$date":"2026-11-24T04:13:02.500Z"},"s":"I","c":"NETWORK","id":22943,"ctx":"listener","msg":"Connection accepted","attr":{"remote":"127.0.0.1:40122","connectionId":1893}}',
  'ts=2026-11-24T04:13:02.611Z lvl=info msg="Compacting file" log_id=0q engine=tsm1 tsm1_strategy=full tsm1_index=0',
  'ERROR:  duplicate key value violates unique constraint "jobs_pkey"',
  'ready to accept connections',
];

export function lines(from: number, count: number, step: number): (LogLine & { index: number })[] {
  return Array.from({ length: count }, (_, i) => {
    const index = from + i;
    const at = index * step;
    return {
      index,
      service: kinds[at % 5]!,
      time: 1_764_000_000_000 + at * 17,
      stream: at % 9 === 0 ? 'stderr' : 'stdout',
      level: levels[at % levels.length]!,
      text: `${texts[at % texts.length]} #${at}`,
    };
  });
}
