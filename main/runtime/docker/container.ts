/** A service's definition as the engine takes it. */
import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { Definition, MountSpec, PortSpec, ServiceSpec } from '../spec.ts';
import { containerLabels, containerName } from './names.ts';

const nanoseconds = 1_000_000;

/** The body of `POST /containers/create`. Only the first network is in it: engines before API 1.44 take no more; the others are joined afterwards. */
export function containerOptions(definition: Definition, spec: ServiceSpec, specHash: string): ContainerCreateOptions {
  const [firstNetwork] = networkNames(definition, spec);
  return {
    Image: spec.image,
    Entrypoint: spec.entrypoint && [...spec.entrypoint],
    Cmd: spec.command && [...spec.command],
    Env: Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`),
    User: spec.user,
    WorkingDir: spec.workingDir,
    Hostname: spec.hostname,
    Labels: containerLabels(definition, spec, specHash),
    ExposedPorts: Object.fromEntries(spec.ports.map((port) => [enginePort(port), {}])),
    StopSignal: spec.stopSignal,
    StopTimeout: graceSeconds(spec),
    Healthcheck: spec.healthcheck && {
      Test: [...spec.healthcheck.test],
      Interval: spec.healthcheck.interval * nanoseconds,
      Timeout: spec.healthcheck.timeout * nanoseconds,
      StartPeriod: spec.healthcheck.startPeriod * nanoseconds,
      Retries: spec.healthcheck.retries,
    },
    HostConfig: hostConfig(definition, spec, firstNetwork),
    NetworkingConfig:
      firstNetwork === undefined ? undefined : { EndpointsConfig: { [firstNetwork]: { Aliases: aliases(definition.name, spec) } } },
  };
}

/** Engine names of the networks a service joins. */
export function networkNames(definition: Definition, spec: ServiceSpec): readonly string[] {
  return spec.networks.map((key) => definition.networks[key]?.name ?? key);
}

/** The names by which other containers of the network find it. */
export function aliases(stack: string, spec: ServiceSpec): string[] {
  return [containerName(stack, spec.name), spec.name];
}

/** The engine counts the grace in whole seconds. */
export function graceSeconds(spec: ServiceSpec): number {
  return Math.ceil(spec.stopGrace / 1000);
}

function hostConfig(definition: Definition, spec: ServiceSpec, firstNetwork: string | undefined): HostConfig {
  return {
    PortBindings: portBindings(spec.ports),
    Mounts: spec.mounts.map((mount) => engineMount(definition, mount)),
    NetworkMode: firstNetwork ?? 'none',
    RestartPolicy: { Name: spec.restart },
    Memory: spec.memoryLimit,
    ShmSize: spec.shmSize,
    Ulimits: Object.entries(spec.ulimits).map(([Name, { soft, hard }]) => ({ Name, Soft: soft, Hard: hard })),
    Init: spec.init || undefined,
  };
}

/** Several host ports may lead to one container port. */
function portBindings(ports: readonly PortSpec[]): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    const bound = bindings[enginePort(port)] ?? [];
    bound.push({ HostIp: port.hostIp, HostPort: port.published === undefined ? '' : String(port.published) });
    bindings[enginePort(port)] = bound;
  }
  return bindings;
}

function engineMount(definition: Definition, mount: MountSpec): NonNullable<HostConfig['Mounts']>[number] {
  if (mount.type === 'tmpfs') return { Type: 'tmpfs', Source: '', Target: mount.target };
  const source = mount.type === 'volume' ? (definition.volumes[mount.source]?.name ?? mount.source) : mount.source;
  return { Type: mount.type, Source: source, Target: mount.target, ReadOnly: mount.readOnly };
}

function enginePort({ target, protocol }: PortSpec): string {
  return `${target}/${protocol}`;
}
