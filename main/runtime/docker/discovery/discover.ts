/** Finds the engine: what someone asked for, else what docker's own settings point at, else a known socket. */
import { NoodleError } from '../../../errors.ts';
import { type Environment, readContext, readDockerConfig, readEnvironmentTls } from './context.ts';
import { type Endpoint, parseEndpoint } from './endpoint.ts';
import { knownSockets, type SocketPlaces } from './sockets.ts';

/** A place where an engine may be. */
export interface Candidate {
  /** Why it is looked at, in words: `DOCKER_HOST`, `docker context "staging"`. */
  readonly strategy: string;
  /** As given: `unix:///var/run/docker.sock`. */
  readonly address: string;
  readonly endpoint: Endpoint;
}

export interface Wish {
  /** The setting; goes before everything. */
  readonly host: string | undefined;
  readonly env: Environment;
  readonly places: SocketPlaces;
}

/**
 * The first candidate that answers, with its answer. `ask` throws with the reason when one does not.
 * @throws NoodleError no-engine, naming all that was tried
 */
export async function discover<T>(
  wish: Wish,
  ask: (candidate: Candidate) => Promise<T>,
): Promise<{ readonly candidate: Candidate; readonly answer: T }> {
  const failures: string[] = [];
  for await (const candidate of candidates(wish, failures)) {
    try {
      return { candidate, answer: await ask(candidate) };
    } catch (error) {
      failures.push(`${candidate.strategy} (${candidate.address}): ${reason(error)}`);
    }
  }
  throw new NoodleError({
    code: 'no-engine',
    what: 'No container engine answers.',
    why: `Tried ${failures.join('; ')}.`,
    todo: 'Start Docker, Podman, Colima or the like, or run the servers as processes of this machine.',
    command: 'noodlebox up --runtime native',
  });
}

/**
 * In order of precedence. What was asked for in so many words (the setting, DOCKER_HOST,
 * DOCKER_CONTEXT) is used or fails: a stack must not start on another engine than the one named.
 * The current context of config.json does not bind like that, because desktop engines write it
 * themselves and leave it behind.
 */
export async function* candidates({ host, env, places }: Wish, failures: string[]): AsyncGenerator<Candidate> {
  if (host) return yield candidate('setting', host, parseEndpoint(host, await readEnvironmentTls(env)));
  if (env.DOCKER_HOST)
    return yield candidate('DOCKER_HOST', env.DOCKER_HOST, parseEndpoint(env.DOCKER_HOST, await readEnvironmentTls(env)));
  if (env.DOCKER_CONTEXT && env.DOCKER_CONTEXT !== 'default') return yield await contextCandidate(env.DOCKER_CONTEXT, env);
  if (!env.DOCKER_CONTEXT) {
    try {
      const { currentContext } = await readDockerConfig(env);
      if (currentContext && currentContext !== 'default') yield await contextCandidate(currentContext, env);
    } catch (error) {
      failures.push(`docker's current context: ${reason(error)}`);
    }
  }
  for (const { owner, path } of knownSockets(places)) {
    const address = `${places.platform === 'win32' ? 'npipe' : 'unix'}://${path}`;
    yield candidate(`socket of ${owner}`, address, { transport: 'socket', path });
  }
}

async function contextCandidate(name: string, env: Environment): Promise<Candidate> {
  const { host, tls } = await readContext(name, env);
  return candidate(`docker context "${name}"`, host, parseEndpoint(host, tls));
}

function candidate(strategy: string, address: string, endpoint: Endpoint): Candidate {
  return { strategy, address, endpoint };
}

/** Short enough for a list: the cause alone, without advice. */
function reason(error: unknown): string {
  const text =
    error instanceof NoodleError ? (error.problem.why ?? error.problem.what) : error instanceof Error ? error.message : String(error);
  return text.replace(/[.\s]+$/, '');
}
