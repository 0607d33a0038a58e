/** The data that crosses the API: what the core tells and every door shows. Times are ms since the epoch unless named otherwise. */
import { z } from 'zod';
import { ServiceKindName } from './kinds.ts';

export const RuntimeKind = z.enum(['docker', 'native']);
export type RuntimeKind = z.infer<typeof RuntimeKind>;

/** `auto`: an engine that answers, else native. */
export const RuntimeChoice = z.enum(['auto', 'docker', 'native']);
export type RuntimeChoice = z.infer<typeof RuntimeChoice>;

export const RuntimeInfo = z.object({
  kind: RuntimeKind,
  /** "Docker 28.2" or "Processes on linux/x64". */
  title: z.string(),
  /** Where it was found: an endpoint and by which strategy, or the servers' folder. */
  endpoint: z.string(),
  version: z.string(),
  /** Reached over the network (ssh, TLS): ports are on another machine. */
  remote: z.boolean(),
});
export type RuntimeInfo = z.infer<typeof RuntimeInfo>;

/** An error as a person is told of it; the same in the CLI and the window. */
export const ProblemData = z.object({
  code: z.string(),
  what: z.string(),
  why: z.string().optional(),
  todo: z.string().optional(),
  command: z.string().optional(),
  /** Where in the text that was given it went wrong: characters from its start. */
  at: z.object({ offset: z.number().int(), length: z.number().int() }).optional(),
});
export type ProblemData = z.infer<typeof ProblemData>;

export const serviceStates = [
  'stopped',
  'pulling',
  'creating',
  'starting',
  'seeding',
  'healthy',
  'unhealthy',
  'stopping',
  'exited',
] as const;
export const ServiceState = z.enum(serviceStates);
export type ServiceState = z.infer<typeof ServiceState>;

/** One named report on a service's health; the service's is the worst of them. */
export const HealthReport = z.object({
  name: z.string(),
  level: z.enum(['ok', 'warn', 'error']),
  message: z.string(),
});
export type HealthReport = z.infer<typeof HealthReport>;

export const ServiceStatus = z.object({
  name: z.string(),
  kind: ServiceKindName.nullable(),
  state: ServiceState,
  health: z.array(HealthReport),
  /** Why it is in this state, in words; empty when all is well. */
  reasons: z.array(z.string()),
  /** The connection string with its secret masked; null before there is a port. */
  url: z.string().nullable(),
  host: z.string().nullable(),
  port: z.number().int().nullable(),
  version: z.string().nullable(),
  image: z.string(),
  pid: z.number().int().nullable(),
  container: z.string().nullable(),
  /** Share of one core. */
  cpu: z.number().nullable(),
  /** bytes */
  memory: z.number().nullable(),
  startedAt: z.number().nullable(),
  /** What this server can or cannot do here that a newcomer would trip over, such as "FerretDB: no change streams". */
  notes: z.array(z.string()),
});
export type ServiceStatus = z.infer<typeof ServiceStatus>;

export const StackStatus = z.object({
  stack: z.string(),
  runtime: RuntimeInfo,
  overall: ServiceState,
  services: z.array(ServiceStatus),
});
export type StackStatus = z.infer<typeof StackStatus>;

export const StackSummary = z.object({
  name: z.string(),
  runtime: RuntimeKind.nullable(),
  /** The compose file. */
  file: z.string().nullable(),
  running: z.number().int(),
  services: z.number().int(),
});
export type StackSummary = z.infer<typeof StackSummary>;

/** How far one operation is. `total` 0 means unknown: show work, not a share. */
export const Progress = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('layers'),
    /** bytes, over all layers known so far */
    current: z.number(),
    total: z.number(),
    layers: z.array(z.object({ id: z.string(), status: z.string(), current: z.number(), total: z.number() })),
  }),
  z.object({
    kind: z.literal('steps'),
    current: z.number(),
    total: z.number(),
    /** The step at hand; for an install, the command as it runs. */
    label: z.string(),
  }),
  z.object({ kind: z.literal('rows'), current: z.number(), total: z.number(), label: z.string() }),
  /** Data being copied or read. */
  z.object({ kind: z.literal('bytes'), current: z.number(), total: z.number() }),
]);
export type Progress = z.infer<typeof Progress>;

export const operationKinds = [
  'pull',
  'create-network',
  'create-volume',
  'create',
  'guard',
  'start',
  'wait',
  'seed',
  'stop',
  'remove',
  'remove-volume',
  'remove-network',
  'count',
  'measure',
  'pause',
  'copy',
  'unpause',
  'verify',
  'keep',
  'swap',
  'check',
  'discard',
  'backup',
  'collect',
  'combine',
  'recover',
  'compare',
  'dump',
  'restore',
  'connect',
] as const;
export const OperationKind = z.enum(operationKinds);
export type OperationKind = z.infer<typeof OperationKind>;

/** One engine call of a plan, as printed and shown. */
export const PlannedOperation = z.object({
  /** Unique in its plan, and readable: `start postgres`. */
  id: z.string(),
  kind: OperationKind,
  /** The service it is for; null for networks and volumes. */
  service: z.string().nullable(),
  /** What it acts on: an image, a container, a volume or a network name. */
  target: z.string(),
  /** Why it is there, in words. */
  cause: z.string(),
  /** Ids that must be done before. */
  needs: z.array(z.string()),
  /** Ids that go first, however they end. */
  after: z.array(z.string()).optional(),
});
export type PlannedOperation = z.infer<typeof PlannedOperation>;

/** What happens while a task (up, down, seed, install …) runs. */
export const TaskEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('plan'), operations: z.array(PlannedOperation) }),
  z.object({
    type: z.literal('operation'),
    id: z.string(),
    state: z.enum(['running', 'done', 'failed', 'skipped']),
    /** ms it took, once it ended. */
    took: z.number().optional(),
    problem: ProblemData.optional(),
  }),
  z.object({ type: z.literal('progress'), id: z.string(), progress: Progress }),
  z.object({ type: z.literal('service'), service: z.string(), state: ServiceState, reasons: z.array(z.string()) }),
  /** Something worth knowing that stops nothing: a port that moved, a server that lacks a feature. */
  z.object({ type: z.literal('notice'), level: z.enum(['info', 'warn']), message: z.string() }),
  z.object({ type: z.literal('result'), ok: z.boolean(), took: z.number(), problem: ProblemData.optional() }),
]);
export type TaskEvent = z.infer<typeof TaskEvent>;

export const TaskKind = z.enum([
  'up',
  'down',
  'restart',
  'stop',
  'seed',
  'reset',
  'install',
  'export',
  'import',
  'change',
  'snapshot',
  'pitr',
  'schedule',
  'backup',
  'bundle',
]);
export type TaskKind = z.infer<typeof TaskKind>;

export const TaskSummary = z.object({
  id: z.string(),
  kind: TaskKind,
  stack: z.string(),
  /** "Starting postgres, redis" */
  title: z.string(),
  startedAt: z.number(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  problem: ProblemData.nullable(),
});
export type TaskSummary = z.infer<typeof TaskSummary>;

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export const LogLevel = z.enum(logLevels);
export type LogLevel = z.infer<typeof LogLevel>;

export const LogLine = z.object({
  service: z.string(),
  /** ms since the epoch: the engine's, or the time the server wrote into the line. */
  time: z.number(),
  stream: z.enum(['stdout', 'stderr']),
  /** Read from the line by the service kind's own rules; `info` when it says none. */
  level: LogLevel,
  text: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;

export const StatsPoint = z.object({ time: z.number(), cpu: z.number(), memory: z.number() });
export type StatsPoint = z.infer<typeof StatsPoint>;

/** What one store holds and how it got there. */
export const SeedState = z.object({
  service: z.string(),
  kind: ServiceKindName,
  state: z.enum(['unreachable', 'empty', 'partial', 'seeded', 'changed']),
  migrations: z.array(
    z.object({
      id: z.string(),
      checksum: z.string(),
      appliedAt: z.number().nullable(),
      state: z.enum(['pending', 'applied', 'half-applied', 'changed']),
    }),
  ),
  /** Scale and seed of the generated data; null when none was loaded. */
  scale: z.number().nullable(),
  seed: z.number().nullable(),
  /** Exact counts, named as the store names them: tables, key shapes, topics, collections, measurements. */
  counts: z.array(z.object({ name: z.string(), rows: z.number() })),
  problem: ProblemData.nullable(),
});
export type SeedState = z.infer<typeof SeedState>;

/** A server the native runtime can run. */
export const ServerInfo = z.object({
  kind: ServiceKindName,
  /** "PostgreSQL" */
  title: z.string(),
  state: z.enum(['found', 'installable', 'unavailable']),
  /** What would run: "FerretDB 1.24.0 (stands in for mongod)". */
  program: z.string(),
  version: z.string().nullable(),
  /** Folder or executable. */
  path: z.string().nullable(),
  /** How it is installed, as commands a person could type; empty when found. */
  commands: z.array(z.string()),
  /** What is missing for the install, with the command that mends it. */
  lacks: z.array(z.object({ what: z.string(), command: z.string().nullable() })),
});
export type ServerInfo = z.infer<typeof ServerInfo>;

/** One finding of `noodlebox doctor`. */
export const DoctorFinding = z.object({
  name: z.string(),
  level: z.enum(['ok', 'warn', 'error']),
  message: z.string(),
  /** The one command that mends it. */
  command: z.string().nullable(),
});
export type DoctorFinding = z.infer<typeof DoctorFinding>;

export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  times: z.enum(['local', 'utc']),
  runtime: RuntimeChoice,
  /** The stack last looked at. */
  stack: z.string(),
  /** On quit: leave the stack running, or stop it. */
  onQuit: z.enum(['keep', 'stop']),
  /** DOCKER_HOST-like endpoint that goes before all discovery; null: discover. */
  dockerHost: z.string().nullable(),
  pulsarTransport: z.enum(['auto', 'native', 'websocket']),
  /** Sizes of panes by their name, in percent, as the person left them. */
  layout: z.record(z.string().max(64), z.number()),
});
export type Settings = z.infer<typeof Settings>;
