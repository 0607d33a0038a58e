/**
 * What has to be done, as data: pure functions of the definition and what was observed.
 * An operation is one call to the runtime; `execute.ts` runs them and decides nothing.
 */
import type { OperationKind, PlannedOperation } from '../../preload/contract/models.ts';
import type { Observed, ObservedInstance } from '../runtime/runtime.ts';
import type { Definition, ServiceSpec } from '../runtime/spec.ts';
import { withDependencies } from './order.ts';

export interface UpInput {
  readonly definition: Definition;
  readonly observed: Observed;
  /** Names; none: all. Dependencies come with them. */
  readonly services: readonly string[];
  /** Hash of each service's spec as it stands now. */
  readonly specHashes: Readonly<Record<string, string>>;
  /** Services to be filled once they are healthy. */
  readonly seed: ReadonlySet<string>;
  /** Services whose data folder's version is checked before they start. */
  readonly guarded: ReadonlySet<string>;
}

export function planUp(input: UpInput): readonly PlannedOperation[] {
  const plan = new PlanBuilder();
  const { definition, observed } = input;
  const wanted = withDependencies(definition, input.services);
  const first = slowestWithNeeds(definition, wanted);
  const specs = [...first, ...wanted.filter((spec) => !first.includes(spec))];
  const acts = new Map(specs.map((spec) => [spec.name, decide(spec, observed, input.specHashes[spec.name])]));
  for (const spec of specs) {
    const act = acts.get(spec.name)!;
    if (act.do === 'create' || act.do === 'recreate') addParts(plan, input, spec);
    addInstance(plan, input, spec, act, first.includes(spec) ? undefined : first.at(-1));
    if (input.seed.has(spec.name)) {
      plan.add('seed', spec.name, spec.name, 'schema and seeds', [`wait ${spec.name}`]);
    }
  }
  return plan.operations;
}

/**
 * The service that may take longest to be ready, after those it needs; nothing where none stands out. How long a service
 * may take its health check's start period tells. It has a head start: the others share the machine with it, and
 * nothing is up before it is.
 */
function slowestWithNeeds(definition: Definition, specs: readonly ServiceSpec[]): readonly ServiceSpec[] {
  const startPeriod = ({ healthcheck }: ServiceSpec) => healthcheck?.startPeriod ?? 0;
  const [slowest, next] = specs.toSorted((a, b) => startPeriod(b) - startPeriod(a));
  return slowest && next && startPeriod(slowest) > startPeriod(next) ? withDependencies(definition, [slowest.name]) : [];
}

function rank(order: readonly string[], service: string): number {
  const index = order.indexOf(service);
  return index < 0 ? order.length : index;
}

export interface DownInput {
  readonly definition: Definition;
  readonly observed: Observed;
  readonly volumes: boolean;
}

/** Everything the stack has is stopped and removed, what is no longer in the definition too; data only with `volumes`. */
export function planDown({ definition, observed, volumes }: DownInput): readonly PlannedOperation[] {
  const plan = new PlanBuilder();
  // Dependants go first; what the definition no longer knows goes before all.
  const order = withDependencies(definition, []).map((spec) => spec.name);
  const instances = observed.instances.toSorted((a, b) => rank(order, b.service) - rank(order, a.service));
  for (const instance of instances) {
    const { service } = instance;
    const known = Object.hasOwn(definition.services, service);
    const cause = known ? 'down' : 'no longer in the definition';
    const dependants = Object.values(definition.services).filter((spec) => Object.hasOwn(spec.dependsOn, service));
    plan.addStop(
      instance,
      cause,
      dependants.map((spec) => spec.name),
    );
    plan.add('remove', service, instance.name, cause, [`stop ${service}`]);
  }
  const removed = instances.map((instance) => `remove ${instance.service}`);
  for (const network of Object.values(definition.networks)) {
    if (!network.external && observed.networks.includes(network.name)) plan.add('remove-network', null, network.name, 'down', removed);
  }
  if (volumes) {
    for (const volume of Object.values(definition.volumes)) {
      if (!volume.external && observed.volumes.includes(volume.name)) {
        plan.add('remove-volume', null, volume.name, 'its data was to go too', removed);
      }
    }
  }
  return plan.operations;
}

/** Stops the given services, which come dependants first, and leaves them there. */
export function planStop(specs: readonly ServiceSpec[], observed: Observed, cause: string): readonly PlannedOperation[] {
  const plan = new PlanBuilder();
  for (const [index, spec] of specs.entries()) {
    const instance = observed.instances.find(({ service }) => service === spec.name);
    if (!instance) continue;
    const before = specs.slice(0, index).filter((other) => Object.hasOwn(other.dependsOn, spec.name));
    plan.addStop(
      instance,
      cause,
      before.map((other) => other.name),
    );
  }
  return plan.operations;
}

/**
 * Stops the given services, dependants first, and starts them again, dependencies first.
 * One that has no instance is left to `up`.
 */
export function planRestart(specs: readonly ServiceSpec[], observed: Observed): readonly PlannedOperation[] {
  const plan = new PlanBuilder(planStop(specs, observed, 'restart'));
  const stops = plan.operations.map(({ id }) => id);
  for (const spec of specs.toReversed()) {
    const instance = observed.instances.find(({ service }) => service === spec.name);
    if (!instance) continue;
    plan.add('start', spec.name, instance.name, 'restart', [...stops, ...Object.keys(spec.dependsOn).map((name) => `wait ${name}`)]);
    plan.add('wait', spec.name, instance.name, 'until it is ready', [`start ${spec.name}`]);
  }
  return plan.operations;
}

/** Takes everything down with its data, then brings all of it up anew, as one plan. */
export function planReset(input: UpInput): readonly PlannedOperation[] {
  const down = planDown({ definition: input.definition, observed: input.observed, volumes: true });
  const afterwards: Observed = { instances: [], volumes: [], networks: [], provided: input.observed.provided };
  const up = planUp({ ...input, observed: afterwards });
  const all = down.map(({ id }) => id);
  return [...down, ...up.map((operation) => (operation.needs.length === 0 ? { ...operation, needs: all } : operation))];
}

type Act =
  | { readonly do: 'create'; readonly cause: string }
  | { readonly do: 'recreate'; readonly cause: string; readonly instance: ObservedInstance }
  | { readonly do: 'start'; readonly cause: string }
  | { readonly do: 'wait'; readonly cause: string }
  | { readonly do: 'nothing' };

function decide(spec: ServiceSpec, observed: Observed, specHash: string | undefined): Act {
  const instance = observed.instances.find(({ service }) => service === spec.name);
  if (!instance) return { do: 'create', cause: 'not there yet' };
  // What compose created carries no hash of ours: it is adopted as long as it runs the image that is asked for.
  if (instance.specHash === undefined && instance.image !== spec.image) {
    return { do: 'recreate', cause: `image changed from ${instance.image}`, instance };
  }
  if (instance.specHash !== undefined && instance.specHash !== specHash) return { do: 'recreate', cause: 'definition changed', instance };
  switch (instance.state) {
    case 'created':
      return { do: 'start', cause: 'created, not started' };
    case 'exited':
      return { do: 'start', cause: instance.exitCode ? `exited with ${instance.exitCode}` : 'stopped' };
    case 'paused':
      return { do: 'start', cause: 'paused' };
    case 'restarting':
      return { do: 'wait', cause: 'restarting' };
    case 'running':
      return instance.health === 'starting' || instance.health === 'unhealthy' ? { do: 'wait', cause: instance.health } : { do: 'nothing' };
  }
}

/** What a new instance is made of: its program, networks and volumes, where they are missing. */
function addParts(plan: PlanBuilder, { definition, observed }: UpInput, spec: ServiceSpec): void {
  const provided = observed.provided[spec.image] ?? (spec.kind && observed.provided[spec.kind]);
  if (!provided) plan.add('pull', spec.name, spec.image, 'not on this machine');
  for (const key of spec.networks) {
    const network = definition.networks[key];
    if (network && !network.external && !observed.networks.includes(network.name))
      plan.add('create-network', null, network.name, 'not there yet');
  }
  for (const volume of volumesOf(definition, spec)) {
    if (!volume.external && !observed.volumes.includes(volume.name)) plan.add('create-volume', null, volume.name, 'not there yet');
  }
}

/** @param before a service that starts first */
function addInstance(plan: PlanBuilder, input: UpInput, spec: ServiceSpec, act: Act, before: ServiceSpec | undefined): void {
  const { definition, observed } = input;
  const container = `${definition.name}-${spec.name}-1`;
  if (act.do === 'nothing') return;
  if (act.do === 'wait') {
    plan.add('wait', spec.name, container, act.cause);
    return;
  }
  if (act.do === 'recreate') {
    plan.addStop(act.instance, act.cause, []);
    plan.add('remove', spec.name, act.instance.name, act.cause, [`stop ${spec.name}`]);
  }
  if (act.do === 'create' || act.do === 'recreate') {
    const parts = [...volumesOf(definition, spec), ...spec.networks.map((key) => definition.networks[key])];
    const needs = parts.flatMap((part) => (part ? [`create-volume ${part.name}`, `create-network ${part.name}`] : []));
    plan.add('create', spec.name, container, act.cause, [`pull ${spec.image}`, `remove ${spec.name}`, ...needs]);
  }
  const keptData = volumesOf(definition, spec).some((volume) => observed.volumes.includes(volume.name));
  if (keptData && input.guarded.has(spec.name)) {
    plan.add('guard', spec.name, container, 'its volume was there before', [`create ${spec.name}`]);
  }
  const dependencies = Object.entries(spec.dependsOn).map(([name, condition]) =>
    condition === 'service_started' ? `start ${name}` : `wait ${name}`,
  );
  const needs = [`create ${spec.name}`, `guard ${spec.name}`, ...dependencies];
  plan.add('start', spec.name, container, act.cause, needs, before ? [`start ${before.name}`] : []);
  plan.add('wait', spec.name, container, 'until it is ready', [`start ${spec.name}`]);
}

function volumesOf(definition: Definition, spec: ServiceSpec) {
  return spec.mounts.flatMap((mount) => (mount.type === 'volume' ? (definition.volumes[mount.source] ?? []) : []));
}

/** Collects operations; a need that is not in the plan is already met, and an operation is added once. */
class PlanBuilder {
  readonly operations: PlannedOperation[];

  constructor(begun: readonly PlannedOperation[] = []) {
    this.operations = [...begun];
  }

  add(
    kind: OperationKind,
    service: string | null,
    target: string,
    cause: string,
    needs: readonly string[] = [],
    after: readonly string[] = [],
  ): void {
    // Networks, volumes and images are shared: named by what they are. The rest is named by its service.
    const id = service === null || kind === 'pull' ? `${kind} ${target}` : `${kind} ${service}`;
    if (this.has(id)) return;
    const inPlan = (other: string) => this.has(other);
    const behind = after.filter(inPlan);
    this.operations.push({
      id,
      kind,
      service,
      target,
      cause,
      needs: needs.filter(inPlan),
      ...(behind.length > 0 ? { after: behind } : {}),
    });
  }

  /** @param after services that must have stopped before */
  addStop(instance: ObservedInstance, cause: string, after: readonly string[]): void {
    if (instance.state === 'exited' || instance.state === 'created') return;
    this.add(
      'stop',
      instance.service,
      instance.name,
      cause,
      after.map((name) => `stop ${name}`),
    );
  }

  private has(id: string): boolean {
    return this.operations.some((operation) => operation.id === id);
  }
}

/** A plan as text, one operation a line; what `up --dry-run` prints and tests compare. */
export function printPlan(operations: readonly PlannedOperation[]): string {
  return operations
    .map(({ id, target, cause, needs, after: others = [], kind, service }) => {
      const on = service === null || kind === 'pull' || target === service ? '' : ` (${target})`;
      const after = needs.length > 0 ? `, after ${needs.join(', ')}` : '';
      const behind = others.length > 0 ? `, behind ${others.join(', ')}` : '';
      return `${id}${on}: ${cause}${after}${behind}`;
    })
    .join('\n');
}
