import type { ServerInfo, ServiceKindName } from '../../preload/contract/index.ts';
import { asNoodleError, NoodleError } from '../errors.ts';
import { serversFolder } from '../home/paths.ts';
import type { NativeServer, ServerPlaces } from '../runtime/native/server.ts';
import { serviceKinds } from '../services/registry.ts';
import type { CoreContext, Env } from './context.ts';
import type { RunOptions } from './core.ts';

export function placesOf(env: Env): ServerPlaces {
  return { servers: serversFolder(env), env };
}

/** What the native runtime would run for each kind of server, and how the missing ones are installed. */
export async function listServers(core: CoreContext): Promise<readonly ServerInfo[]> {
  const places = placesOf(core.env);
  return Promise.all(Object.values(serviceKinds).map(async (kind) => describeServer(await kind.native(), places)));
}

async function describeServer(server: NativeServer, places: ServerPlaces): Promise<ServerInfo> {
  const found = await server.find(places);
  if (found) {
    const { program, version, path } = found;
    return { kind: server.kind, title: server.title, state: 'found', program, version, path, commands: [], lacks: [] };
  }
  const { program, commands, lacks } = await server.installation(places);
  const state = lacks.length > 0 ? 'unavailable' : 'installable';
  return { kind: server.kind, title: server.title, state, program, version: null, path: null, commands: [...commands], lacks: [...lacks] };
}

/**
 * Installs the named kinds, none named: all that are missing. One that cannot be installed does not keep
 * the others from it; the first error is thrown in the end.
 */
export async function installServers(core: CoreContext, kinds: readonly ServiceKindName[], run: RunOptions): Promise<void> {
  const places = placesOf(core.env);
  const chosen = kinds.length > 0 ? kinds : (Object.keys(serviceKinds) as ServiceKindName[]);
  const servers = await Promise.all(chosen.map((kind) => serviceKinds[kind].native()));
  const found = await Promise.all(servers.map((server) => server.find(places)));
  const missing = servers.filter((_, at) => !found[at]);
  run.onEvent({
    type: 'plan',
    operations: missing.map(({ kind, title }) => ({ id: `pull ${kind}`, kind: 'pull', service: kind, target: title, cause: 'not on this machine', needs: [] })),
  });
  const results = await Promise.all(missing.map((server) => install(server, places, run)));
  run.signal.throwIfAborted();
  const [first] = results.filter((error) => error !== undefined);
  if (first) throw first;
}

async function install(server: NativeServer, places: ServerPlaces, run: RunOptions): Promise<NoodleError | undefined> {
  const id = `pull ${server.kind}`;
  const begun = performance.now();
  const took = () => Math.round(performance.now() - begun);
  run.onEvent({ type: 'operation', id, state: 'running' });
  try {
    const installation = await server.installation(places);
    const [lack] = installation.lacks;
    if (lack) {
      throw new NoodleError({
        code: 'server-missing',
        what: `${installation.program} cannot be installed here: ${lack.what}.`,
        todo: lack.command ? 'Run the command, then try again.' : undefined,
        command: lack.command ?? undefined,
      });
    }
    await installation.install({ signal: run.signal, progress: (progress) => run.onEvent({ type: 'progress', id, progress }) });
    run.onEvent({ type: 'operation', id, state: 'done', took: took() });
    return undefined;
  } catch (thrown) {
    const error = asNoodleError(thrown);
    run.onEvent({ type: 'operation', id, state: 'failed', took: took(), problem: error.problem });
    return error;
  }
}
