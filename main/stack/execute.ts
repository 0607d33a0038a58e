import type { PlannedOperation, ServiceState, TaskEvent } from '../../preload/contract/models.ts';
import { asNoodleError, NoodleError } from '../errors.ts';
import type { Runtime, Task } from '../runtime/runtime.ts';
import type { Definition, ServiceSpec } from '../runtime/spec.ts';
import { waitUntilReady } from './ready.ts';

export interface Execution {
  readonly runtime: Runtime;
  readonly definition: Definition;
  readonly specHashes: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TaskEvent) => void;
  /** Whether what is missing may be fetched or installed. */
  readonly install: boolean;
  /** What the layers above do for an operation of theirs. */
  readonly hooks: ExecutionHooks;
}

export interface ExecutionHooks {
  /** Refuses to start on data that the server cannot open. @throws NoodleError data-version */
  guard(spec: ServiceSpec): Promise<void>;
  /** Checks access as the real user, then fills the store. */
  seed(spec: ServiceSpec, task: Task): Promise<void>;
}

/**
 * Runs a plan: every operation as soon as those it needs are done. When one fails, what needs it is
 * skipped, everything else still ends, and the first error is thrown.
 */
export async function execute(operations: readonly PlannedOperation[], execution: Execution): Promise<void> {
  const { onEvent, signal } = execution;
  onEvent({ type: 'plan', operations: [...operations] });
  const running = new Map<string, Promise<boolean>>();
  const failures: { readonly id: string; readonly error: NoodleError }[] = [];

  const run = async (operation: PlannedOperation): Promise<boolean> => {
    const needs = await Promise.all(operation.needs.map((id) => running.get(id) ?? true));
    await Promise.all((operation.after ?? []).map((id) => running.get(id)));
    if (signal.aborted || needs.includes(false)) {
      onEvent({ type: 'operation', id: operation.id, state: 'skipped' });
      return false;
    }
    const begun = performance.now();
    onEvent({ type: 'operation', id: operation.id, state: 'running' });
    tellState(operation, onEvent);
    try {
      await perform(operation, execution);
      onEvent({ type: 'operation', id: operation.id, state: 'done', took: Math.round(performance.now() - begun) });
      if (operation.kind === 'wait' || operation.kind === 'seed') tellHealthy(operation, operations, onEvent);
      return true;
    } catch (thrown) {
      const error = asNoodleError(thrown);
      failures.push({ id: operation.id, error });
      onEvent({
        type: 'operation',
        id: operation.id,
        state: 'failed',
        took: Math.round(performance.now() - begun),
        problem: error.problem,
      });
      if (operation.service) onEvent({ type: 'service', service: operation.service, state: 'unhealthy', reasons: [error.problem.what] });
      return false;
    }
  };

  // Needs stand before what needs them, so each lookup finds its promise.
  for (const operation of operations) running.set(operation.id, run(operation));
  await Promise.all(running.values());
  if (signal.aborted)
    throw asNoodleError(signal.reason instanceof NoodleError ? signal.reason : new DOMException('Cancelled', 'AbortError'));
  const [first, ...others] = failures;
  if (!first) return;
  if (others.length === 0) throw first.error;
  throw new NoodleError(
    {
      ...first.error.problem,
      why: [first.error.problem.why, `Also failed: ${others.map(({ id, error }) => `${id} (${error.problem.what})`).join('; ')}`]
        .filter(Boolean)
        .join('\n'),
    },
    { cause: first.error },
  );
}

/** One operation, one call. */
async function perform(operation: PlannedOperation, execution: Execution): Promise<void> {
  const { runtime, definition, signal, onEvent, hooks, specHashes } = execution;
  const task: Task = { signal, progress: (progress) => onEvent({ type: 'progress', id: operation.id, progress }) };
  const stack = definition.name;
  switch (operation.kind) {
    case 'pull':
      if (!execution.install) throw notInstalled(specOf(operation, definition));
      return runtime.provide(specOf(operation, definition), task);
    case 'create-network':
      return runtime.createNetwork(stack, named(definition.networks, operation.target));
    case 'remove-network':
      return runtime.removeNetwork(stack, named(definition.networks, operation.target));
    case 'create-volume':
      return runtime.createVolume(stack, named(definition.volumes, operation.target));
    case 'remove-volume':
      return runtime.removeVolume(stack, named(definition.volumes, operation.target));
    case 'create': {
      const spec = specOf(operation, definition);
      return runtime.create(definition, spec, specHashes[spec.name]!, task);
    }
    case 'guard':
      return hooks.guard(specOf(operation, definition));
    case 'start':
      return runtime.start(stack, specOf(operation, definition), task);
    case 'wait':
      return waitUntilReady(runtime, stack, specOf(operation, definition), signal);
    case 'seed':
      return hooks.seed(specOf(operation, definition), task);
    case 'stop':
      // Whoever was told to end will: cut off now, it would be found running by whoever comes next, and called ready.
      return runtime.stop(stack, specOf(operation, definition), { ...task, signal: new AbortController().signal });
    case 'remove':
      return runtime.remove(stack, operation.service!);
    default:
      throw new NoodleError({ code: 'internal', what: `"${operation.id}" is no operation of a plan.` });
  }
}

function notInstalled(spec: ServiceSpec): NoodleError {
  return new NoodleError({
    code: 'install-refused',
    what: `${spec.name} is not on this machine, and nothing was to be installed.`,
    todo: 'Install it, or let Noodlebox do it by leaving --no-install out.',
    command: spec.kind ? `noodlebox servers install ${spec.kind}` : undefined,
  });
}

function specOf(operation: PlannedOperation, definition: Definition): ServiceSpec {
  return definition.services[operation.service!] ?? orphan(operation.service!);
}

/** A service that the definition no longer has can still be stopped: by its name, with the usual grace. */
function orphan(name: string): ServiceSpec {
  return {
    name,
    kind: undefined,
    image: '',
    entrypoint: undefined,
    command: undefined,
    environment: {},
    user: undefined,
    workingDir: undefined,
    hostname: undefined,
    ports: [],
    mounts: [],
    configs: [],
    healthcheck: undefined,
    dependsOn: {},
    networks: [],
    labels: {},
    profiles: [],
    stopGrace: 10_000,
    stopSignal: undefined,
    restart: 'no',
    memoryLimit: undefined,
    shmSize: undefined,
    ulimits: {},
    init: false,
  };
}

function named<T extends { readonly name: string }>(all: Readonly<Record<string, T>>, name: string): T {
  const found = Object.values(all).find((one) => one.name === name);
  if (!found) throw new NoodleError({ code: 'internal', what: `The plan names ${name}, which the definition does not have.` });
  return found;
}

const stateDuring: Partial<Record<PlannedOperation['kind'], ServiceState>> = {
  pull: 'pulling',
  create: 'creating',
  start: 'starting',
  wait: 'starting',
  seed: 'seeding',
  stop: 'stopping',
};

function tellState(operation: PlannedOperation, onEvent: (event: TaskEvent) => void): void {
  const state = stateDuring[operation.kind];
  if (state && operation.service) onEvent({ type: 'service', service: operation.service, state, reasons: [operation.cause] });
}

/** A service counts as healthy once nothing of the plan is left to do for it. */
function tellHealthy(operation: PlannedOperation, operations: readonly PlannedOperation[], onEvent: (event: TaskEvent) => void): void {
  const more = operations.some((other) => other.kind === 'seed' && other.service === operation.service && other.id !== operation.id);
  if (operation.service && !(operation.kind === 'wait' && more))
    onEvent({ type: 'service', service: operation.service, state: 'healthy', reasons: [] });
}
