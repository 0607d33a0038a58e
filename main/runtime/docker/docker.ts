/** The runtime of container engines: Docker, Podman and what speaks like them, here or on another machine. */
import { homedir } from 'node:os';
import type { RuntimeInfo } from '../../../preload/contract/index.ts';
import { limits } from '../../limits.ts';
import type { Runtime } from '../runtime.ts';
import { dockerBenches } from './bench/bench.ts';
import { changes } from './changes.ts';
import { dockerCopies } from './copies/copies.ts';
import type { Environment } from './discovery/context.ts';
import { type Candidate, discover } from './discovery/discover.ts';
import { isRemote } from './discovery/endpoint.ts';
import { agentFor } from './engine/agents.ts';
import { EngineClient } from './engine/client.ts';
import { readContainerFile } from './files.ts';
import { pullImage } from './images/pull.ts';
import { inspectService, observedInstance } from './instances.ts';
import {
  createContainer,
  createNetwork,
  createVolume,
  removeContainer,
  removeNetwork,
  removeVolume,
  startContainer,
  stopContainer,
} from './lifecycle.ts';
import { listens } from './listens.ts';
import { followLogs, type ParseLine } from './logs/logs.ts';
import { listStacks, observe } from './observe.ts';
import { pauseContainer, unpauseContainer } from './pause.ts';
import { probe } from './probe.ts';
import { stats } from './stats.ts';
import { containerTools } from './tools.ts';

export interface DockerOptions {
  /** An address like DOCKER_HOST's that goes before all discovery. */
  readonly host?: string;
  readonly env: Environment;
  /** Reads the level of log lines of a kind of server; without it every line is `info`. */
  readonly parseLine?: ParseLine;
}

/** Finds an engine that answers. @throws NoodleError no-engine, bad-argument (an address that is none), file-unreadable (docker's own settings) */
export async function openDocker({ host, env, parseLine }: DockerOptions): Promise<Runtime> {
  const places = { platform: process.platform, home: env.HOME || homedir(), uid: process.getuid?.(), env };
  const { answer } = await discover({ host, env, places }, (candidate) => ask(candidate, env));
  return runtime(answer, env, parseLine);
}

interface Answer {
  readonly engine: EngineClient;
  readonly info: RuntimeInfo;
  readonly isPodman: boolean;
}

function runtime({ engine, info, isPodman }: Answer, env: Environment, parseLine: ParseLine | undefined): Runtime {
  return {
    kind: 'docker',
    info: async () => info,
    observe: (definition, signal) => observe(engine, definition, signal),
    stacks: (signal) => listStacks(engine, signal),
    provide: (spec, task) => pullImage(engine, spec.image, env, task),
    createNetwork: (stack, network) => createNetwork(engine, stack, network),
    removeNetwork: (_stack, network) => removeNetwork(engine, network),
    createVolume: (stack, volume) => createVolume(engine, stack, volume),
    removeVolume: (stack, volume) => removeVolume(engine, stack, volume),
    create: (definition, spec, specHash, { signal }) => createContainer(engine, definition, spec, specHash, signal),
    start: (stack, spec, { signal }) => startContainer(engine, stack, spec, signal),
    stop: (stack, spec, { signal }) => stopContainer(engine, stack, spec, signal),
    remove: (stack, service) => removeContainer(engine, stack, service),
    pause: (stack, service) => pauseContainer(engine, stack, service),
    unpause: (stack, service) => unpauseContainer(engine, stack, service),
    copies: dockerCopies(engine, isPodman),
    benches: dockerBenches(engine),
    tools: (stack, spec) => containerTools(engine, stack, spec),
    inspect: async (stack, service, signal) => {
      const container = await inspectService(engine, stack, service, signal);
      return container && observedInstance(container);
    },
    // Published ports of another machine are that machine's.
    listens: async (_stack, spec) => info.remote || listens(spec),
    probe: (stack, spec, signal) => probe(engine, stack, spec, signal),
    readFile: (stack, spec, path) => readContainerFile(engine, stack, spec.name, path),
    logs: (stack, service, options) => followLogs(engine, stack, service, options, parseLine),
    stats: (stack, signal) => stats(engine, stack, signal),
    changes: (stack, signal) => changes(engine, stack, signal),
    close: async () => engine.close(),
  };
}

/** The part of `GET /info` that is told; only Podman names a Buildah. */
interface EngineInfo {
  readonly ServerVersion: string;
  readonly BuildahVersion?: string;
}

/** @throws NoodleError engine-lost, engine-refused: the reason why this one is not it */
async function ask({ endpoint, address, strategy }: Candidate, env: Environment): Promise<Answer> {
  const engine = new EngineClient(agentFor(endpoint, env));
  const timeout = endpoint.transport === 'socket' ? limits.engineAnswer : limits.engineAnswerRemote;
  const signal = AbortSignal.timeout(timeout);
  try {
    const { ServerVersion: version, BuildahVersion } = await engine.json<EngineInfo>({ path: '/info', signal, doing: 'ask what it is' });
    const isPodman = BuildahVersion !== undefined;
    const title = `${isPodman ? 'Podman' : 'Docker'} ${version.split('.').slice(0, 2).join('.')}`;
    return { engine, info: { kind: 'docker', title, endpoint: `${address} (${strategy})`, version, remote: isRemote(endpoint) }, isPodman };
  } catch (error) {
    engine.close();
    throw signal.aborted ? new Error(`no answer within ${timeout / 1000} s`) : error;
  }
}
