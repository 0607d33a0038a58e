/** The containers of a stack, as the engine lists and inspects them. */
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type { ObservedInstance } from '../runtime.ts';
import type { EngineClient } from './engine/client.ts';
import { refusedWith } from './engine/refusal.ts';
import { containerName, label, ofStack } from './names.ts';

/**
 * Acts on a service's container by its customary name, or, where compose gave it another
 * (`container_name`, an old release's underscores), by its labels.
 * @throws EngineRefusal 404 when there is no container by either
 */
export async function onContainer<T>(
  engine: EngineClient,
  stack: string,
  service: string,
  act: (container: string) => Promise<T>,
): Promise<T> {
  const name = containerName(stack, service);
  try {
    return await act(name);
  } catch (error) {
    if (!refusedWith(error, 404)) throw error;
    const [found] = await listContainers(engine, stack, service);
    if (!found || found.Names.includes(`/${name}`)) throw error;
    return act(found.Id);
  }
}

/** The first container of each service (compose can scale; a stack of ours has one each), running or not. */
export async function listContainers(
  engine: EngineClient,
  stack: string,
  service?: string,
  signal?: AbortSignal,
): Promise<readonly ContainerInfo[]> {
  const listed = await engine.json<ContainerInfo[]>({
    path: '/containers/json',
    query: { all: true, filters: ofStack(stack, service) },
    signal,
    doing: `list the containers of ${stack}`,
  });
  return listed.filter(({ Labels }) => Labels[label.oneOff] !== 'True' && (Labels[label.number] ?? '1') === '1');
}

/** undefined when there is no such container. */
export async function inspectContainer(
  engine: EngineClient,
  container: string,
  signal?: AbortSignal,
): Promise<ContainerInspectInfo | undefined> {
  try {
    return await engine.json<ContainerInspectInfo>({ path: `/containers/${container}/json`, signal, doing: `inspect ${container}` });
  } catch (error) {
    if (refusedWith(error, 404)) return undefined;
    throw error;
  }
}

/** The same by service. */
export async function inspectService(
  engine: EngineClient,
  stack: string,
  service: string,
  signal?: AbortSignal,
): Promise<ContainerInspectInfo | undefined> {
  const named = await inspectContainer(engine, containerName(stack, service), signal);
  if (named) return named;
  const [found] = await listContainers(engine, stack, service, signal);
  return found && inspectContainer(engine, found.Id, signal);
}

/** What the engine says of a container, in our words. */
export function observedInstance({ Id, Name, State, Config, NetworkSettings, HostConfig }: ContainerInspectInfo): ObservedInstance {
  const state = instanceState(State.Status);
  return {
    service: Config.Labels[label.service] ?? '',
    id: Id,
    name: Name.replace(/^\//, ''),
    state,
    health: instanceHealth(State.Health?.Status),
    healthMessage: failedCheck(State.Health),
    exitCode: state === 'exited' || state === 'restarting' ? State.ExitCode : undefined,
    specHash: Config.Labels[label.specHash],
    image: Config.Image,
    environment: Object.fromEntries((Config.Env ?? []).map(splitVariable)),
    ports: publishedPorts(state === 'running' ? NetworkSettings.Ports : HostConfig.PortBindings),
    pid: State.Pid || undefined,
    startedAt: startTime(State.StartedAt),
  };
}

function instanceState(status: string): ObservedInstance['state'] {
  if (status === 'created' || status === 'running' || status === 'paused' || status === 'restarting') return status;
  return 'exited';
}

function instanceHealth(status: string | undefined): ObservedInstance['health'] {
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : 'none';
}

function failedCheck(health: ContainerInspectInfo['State']['Health']): string | undefined {
  const last = health?.Log?.at(-1);
  return last && last.ExitCode !== 0 ? last.Output.trim() : undefined;
}

function splitVariable(variable: string): [string, string] {
  const equals = variable.indexOf('=');
  return equals < 0 ? [variable, ''] : [variable.slice(0, equals), variable.slice(equals + 1)];
}

type PortMap = Readonly<Record<string, readonly { readonly HostIp?: string; readonly HostPort?: string }[] | null | undefined>>;

function publishedPorts(ports: PortMap | null | undefined): ObservedInstance['ports'] {
  return Object.entries(ports ?? {}).flatMap(([port, bindings]) =>
    (bindings ?? [])
      .filter(({ HostPort }) => HostPort)
      .map(({ HostIp = '', HostPort }) => ({ target: Number.parseInt(port, 10), published: Number(HostPort), hostIp: HostIp })),
  );
}

/** The engine's zero time is the year 1. */
function startTime(text: string): number | undefined {
  const time = Date.parse(text);
  return time > 0 ? time : undefined;
}
