import type { HealthReport, ServiceState, ServiceStatus, StackStatus } from '../../preload/contract/models.ts';
import type { Observed, ObservedInstance, ProbeResult } from '../runtime/runtime.ts';
import type { ServiceSpec } from '../runtime/spec.ts';
import { connectionTo, instanceOf, type StackContext } from './context.ts';
import { type FactsByService, runOf } from './facts.ts';

/** What a status is made of, gathered before: nothing here asks anything. */
export interface StatusParts {
  readonly context: StackContext;
  readonly observed: Observed;
  /** The check's answer for running instances whose own health does not tell. */
  readonly probes: ReadonlyMap<string, ProbeResult>;
  readonly facts: FactsByService;
  readonly usage: ReadonlyMap<string, { readonly cpu: number; readonly memory: number }>;
  /** What a running task is doing with a service, or how its last one failed. */
  readonly overlay: ReadonlyMap<string, Overlay>;
}

export type Overlay =
  | { readonly during: 'task'; readonly state: ServiceState; readonly reasons: readonly string[] }
  | { readonly during: 'failure'; readonly reasons: readonly string[] };

export function composeStatus(parts: StatusParts): StackStatus {
  const { context } = parts;
  const services = Object.values(context.definition.services).map((spec) => serviceStatus(parts, spec));
  return { stack: context.name, runtime: context.info, overall: overallState(services.map(({ state }) => state)), services };
}

/** Worst first; a stack is as well as its worst service, and stopped only when all of it is. */
const severity: readonly ServiceState[] = [
  'unhealthy',
  'exited',
  'stopping',
  'pulling',
  'creating',
  'starting',
  'seeding',
  'healthy',
  'stopped',
];

export function overallState(states: readonly ServiceState[]): ServiceState {
  return severity.find((state) => states.includes(state)) ?? 'stopped';
}

function serviceStatus(parts: StatusParts, spec: ServiceSpec): ServiceStatus {
  const { context, observed, facts, usage, overlay } = parts;
  const instance = instanceOf(observed, spec.name);
  const seen = observedState(spec, instance, parts.probes.get(spec.name));
  const over = overlay.get(spec.name);
  const state = over?.during === 'task' ? over.state : seen.state;
  const reasons = over?.during === 'task' ? over.reasons : [...seen.reasons, ...(over && seen.state !== 'healthy' ? over.reasons : [])];
  const known = instance && facts[spec.name]?.run === runOf(instance) ? facts[spec.name] : undefined;
  const connection = instance ? connectionTo(context, spec, instance) : undefined;
  const running = instance?.state === 'running';
  return {
    name: spec.name,
    kind: spec.kind ?? null,
    state,
    health: seen.health,
    reasons: [...new Set(reasons)],
    url: connection?.maskedUrl ?? null,
    host: connection?.host ?? null,
    port: connection?.port ?? instance?.ports[0]?.published ?? null,
    version: known?.version ?? null,
    image: instance?.image || spec.image,
    pid: instance?.pid ?? null,
    container: context.runtime.kind === 'docker' ? (instance?.id ?? null) : null,
    cpu: running ? (usage.get(spec.name)?.cpu ?? null) : null,
    memory: running ? (usage.get(spec.name)?.memory ?? null) : null,
    startedAt: running ? (instance.startedAt ?? null) : null,
    notes: [...(known?.notes ?? [])],
  };
}

interface Seen {
  readonly state: ServiceState;
  readonly health: HealthReport[];
  readonly reasons: readonly string[];
}

function observedState(spec: ServiceSpec, instance: ObservedInstance | undefined, probe: ProbeResult | undefined): Seen {
  if (!instance) return { state: 'stopped', health: [], reasons: [] };
  const running = (level: HealthReport['level'], message: string): HealthReport => ({ name: 'process', level, message });
  switch (instance.state) {
    case 'created':
      return { state: 'stopped', health: [running('warn', 'created, never started')], reasons: [] };
    case 'paused':
      return { state: 'stopped', health: [running('warn', 'paused')], reasons: ['It is paused.'] };
    case 'restarting':
      return { state: 'starting', health: [running('warn', 'restarting')], reasons: ['It exited and is being restarted.'] };
    case 'exited':
      return exited(instance);
    case 'running': {
      const process = running('ok', instance.pid ? `runs as process ${instance.pid}` : 'runs');
      const check = healthCheck(spec, instance, probe);
      return { state: check.state, health: [process, check.report], reasons: check.report.level === 'ok' ? [] : [check.report.message] };
    }
  }
}

/** Asked to stop: 0, or the exit code of the signal it was asked with (128 + SIGINT, SIGKILL, SIGTERM). */
const stopCodes: ReadonlySet<number | undefined> = new Set([undefined, 0, 130, 137, 143]);

function exited(instance: ObservedInstance): Seen {
  const code = instance.exitCode;
  if (stopCodes.has(code)) return { state: 'stopped', health: [], reasons: code === 137 ? ['It was killed.'] : [] };
  const message = `It exited with code ${code}.`;
  return { state: 'exited', health: [{ name: 'process', level: 'error', message }], reasons: [message] };
}

function healthCheck(
  spec: ServiceSpec,
  instance: ObservedInstance,
  probe: ProbeResult | undefined,
): { state: ServiceState; report: HealthReport } {
  const report = (level: HealthReport['level'], message: string): HealthReport => ({ name: 'health check', level, message });
  if (probe?.state === 'ready' || instance.health === 'healthy') return { state: 'healthy', report: report('ok', 'passes') };
  if (instance.health === 'unhealthy') {
    return {
      state: 'unhealthy',
      report: report('error', `Its health check fails: ${instance.healthMessage?.trim() || 'no reason given'}`),
    };
  }
  if (probe?.state === 'not-ready') return { state: 'starting', report: report('warn', `Not ready yet: ${probe.message.trim()}`) };
  if (probe?.state === 'gone') return { state: 'exited', report: report('error', 'It has just exited.') };
  return spec.healthcheck || spec.kind
    ? { state: 'starting', report: report('warn', 'Its health check has not passed yet.') }
    : { state: 'healthy', report: report('ok', 'has no check; it runs') };
}
