import type { Observed, ObservedInstance } from '../../main/runtime/runtime.ts';
import type { Definition, ServiceSpec } from '../../main/runtime/spec.ts';

/** A service with nothing but what a test gives it. */
export function serviceSpec(name: string, given: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    name,
    kind: undefined,
    image: `${name}:1`,
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
    networks: ['default'],
    labels: {},
    profiles: [],
    stopGrace: 10_000,
    stopSignal: undefined,
    restart: 'no',
    memoryLimit: undefined,
    shmSize: undefined,
    ulimits: {},
    init: false,
    ...given,
  };
}

/** A definition of the given services, with the volumes they mount and a default network. */
export function definitionOf(name: string, services: readonly ServiceSpec[]): Definition {
  const keys = services.flatMap((spec) => spec.mounts.flatMap((mount) => (mount.type === 'volume' ? [mount.source] : [])));
  return {
    name,
    file: '/stack/compose.yaml',
    services: Object.fromEntries(services.map((spec) => [spec.name, spec])),
    volumes: Object.fromEntries(keys.map((key) => [key, { key, name: `${name}_${key}`, external: false, labels: {} }])),
    networks: { default: { key: 'default', name: `${name}_default`, external: false, internal: false, labels: {} } },
  };
}

export function volumeMount(source: string, target: string): ServiceSpec['mounts'][number] {
  return { type: 'volume', source, target, readOnly: false };
}

export function observedInstance(service: string, given: Partial<ObservedInstance> = {}): ObservedInstance {
  return {
    service,
    id: `id-${service}`,
    name: `box-${service}-1`,
    state: 'running',
    health: 'healthy',
    healthMessage: undefined,
    exitCode: undefined,
    specHash: `hash-${service}`,
    image: `${service}:1`,
    environment: {},
    ports: [],
    pid: 1,
    startedAt: 1,
    ...given,
  };
}

export const nothing: Observed = { instances: [], volumes: [], networks: [], provided: {} };
