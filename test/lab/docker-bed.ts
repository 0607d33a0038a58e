/** What tests of the Docker runtime stand on: an engine, or the reason why there is none, and stacks that are cleared away. */
import { randomBytes } from 'node:crypto';
import { openDocker } from '../../main/runtime/docker/docker.ts';
import { agentFor } from '../../main/runtime/docker/engine/agents.ts';
import { EngineClient } from '../../main/runtime/docker/engine/client.ts';
import type { Runtime, Task } from '../../main/runtime/runtime.ts';
import type { Definition, ServiceSpec } from '../../main/runtime/spec.ts';
import { importTinyImage, tinyImage } from './tiny-image.ts';

export interface Bed {
  readonly runtime: Runtime;
  /** For looking behind the runtime's back. */
  readonly engine: EngineClient;
  /** The engine's Unix socket. */
  readonly socket: string;
  close(): Promise<void>;
}

/** The bed, or why it can't be made up on this machine. */
export async function makeBed(): Promise<Bed | string> {
  const socket = process.env.DOCKER_HOST?.replace(/^unix:\/\//, '') || '/var/run/docker.sock';
  try {
    const runtime = await openDocker({
      host: `unix://${socket}`,
      env: process.env,
      parseLine: (_kind, text) => ({ level: text.includes('ERROR') ? 'error' : undefined }),
    });
    const engine = new EngineClient(agentFor({ transport: 'socket', path: socket }, process.env));
    await importTinyImage(engine);
    return {
      runtime,
      engine,
      socket,
      close: async () => {
        await runtime.close();
        engine.close();
      },
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function newStackName(): string {
  return `test-${randomBytes(4).toString('hex')}`;
}

/** A task nobody cancels, and whose progress nobody reads. */
export function quietTask(): Task {
  return { signal: new AbortController().signal, progress: () => undefined };
}

export function tinyService(name: string, script: string, change: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    name,
    kind: undefined,
    image: tinyImage,
    entrypoint: undefined,
    command: ['/bin/sh', '-c', script],
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
    stopGrace: 1_000,
    stopSignal: undefined,
    restart: 'no',
    memoryLimit: undefined,
    shmSize: undefined,
    ulimits: {},
    init: false,
    ...change,
  };
}

export function tinyDefinition(name: string, services: readonly ServiceSpec[], change: Partial<Definition> = {}): Definition {
  return {
    name,
    file: '/nowhere/compose.yaml',
    services: Object.fromEntries(services.map((service) => [service.name, service])),
    volumes: { data: { key: 'data', name: `${name}_data`, external: false, labels: {} } },
    networks: { default: { key: 'default', name: `${name}_default`, external: false, internal: false, labels: {} } },
    ...change,
  };
}

/** Makes and starts everything of the definition. */
export async function bringUp({ runtime }: Bed, definition: Definition): Promise<void> {
  for (const network of Object.values(definition.networks)) await runtime.createNetwork(definition.name, network);
  for (const volume of Object.values(definition.volumes)) await runtime.createVolume(definition.name, volume);
  for (const spec of Object.values(definition.services)) {
    await runtime.create(definition, spec, 'hash-of-the-spec', quietTask());
    await runtime.start(definition.name, spec, quietTask());
  }
}

/** Removes what there is of a stack, found by label alone. */
export async function clearAway({ engine }: Bed, stack: string): Promise<void> {
  const filters = { label: [`com.docker.compose.project=${stack}`] };
  const doing = `clear ${stack} away`;
  const containers = await engine.json<{ Id: string }[]>({ path: '/containers/json', query: { all: true, filters }, doing });
  await Promise.all(
    containers.map(({ Id }) => engine.run({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true, v: true }, doing })),
  );
  const networks = await engine.json<{ Id: string }[]>({ path: '/networks', query: { filters }, doing });
  await Promise.all(networks.map(({ Id }) => engine.run({ method: 'DELETE', path: `/networks/${Id}`, doing })));
  const { Volumes } = await engine.json<{ Volumes: { Name: string }[] | null }>({ path: '/volumes', query: { filters }, doing });
  await Promise.all((Volumes ?? []).map(({ Name }) => engine.run({ method: 'DELETE', path: `/volumes/${Name}`, doing })));
}
