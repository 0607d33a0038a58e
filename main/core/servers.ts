import type { DoctorFinding, ServerInfo, ServiceKindName } from '../../preload/contract/index.ts';
import { asNoodleError, type NoodleError } from '../errors.ts';
import { serversFolder } from '../home/paths.ts';
import { type Installable, installName, type ServerPlaces } from '../runtime/native/server.ts';
import { installServer, listServers as listNativeServers, missingOf, nativeFindings } from '../runtime/native/servers.ts';
import { serviceKinds } from '../services/registry.ts';
import type { CoreContext, Env } from './context.ts';
import type { RunOptions } from './core.ts';

export function placesOf(env: Env): ServerPlaces {
  return { servers: serversFolder(env), env };
}

/** What the native runtime would run for each kind of server, and how the missing ones are installed. */
export async function listServers(core: CoreContext): Promise<readonly ServerInfo[]> {
  return listNativeServers(await serversOf(allKinds), placesOf(core.env));
}

export async function serverFindings(core: CoreContext): Promise<readonly DoctorFinding[]> {
  return nativeFindings(await serversOf(allKinds), placesOf(core.env));
}

/** The servers of these kinds, each followed by its tools. */
async function serversOf(kinds: readonly ServiceKindName[]): Promise<readonly Installable[]> {
  const servers = await Promise.all(kinds.map((kind) => serviceKinds[kind].native()));
  return servers.flatMap((server) => (server.tools ? [server, server.tools] : [server]));
}

const allKinds = Object.keys(serviceKinds) as ServiceKindName[];

/**
 * Installs the named kinds, none named: all that are missing, and what those that are there start faster with. One that cannot be installed does not keep
 * the others from it; the first error is thrown in the end.
 */
export async function installServers(core: CoreContext, kinds: readonly ServiceKindName[], run: RunOptions): Promise<void> {
  const places = placesOf(core.env);
  const servers = await serversOf(kinds.length > 0 ? kinds : allKinds);
  const looked = await Promise.all(servers.map(async (server) => ({ server, missing: await missingOf(server, places) })));
  const lacking = looked.filter(({ missing }) => missing !== undefined);
  run.onEvent({
    type: 'plan',
    operations: lacking.map(({ server, missing }) => ({
      id: `pull ${installName(server)}`,
      kind: 'pull',
      service: server.kind,
      target: server.title,
      cause: missing === 'the server' ? 'not on this machine' : 'it can start faster',
      needs: [],
    })),
  });
  const results = await Promise.all(lacking.map(({ server }) => install(server, places, run)));
  run.signal.throwIfAborted();
  const [first] = results.filter((error) => error !== undefined);
  if (first) throw first;
}

async function install(server: Installable, places: ServerPlaces, run: RunOptions): Promise<NoodleError | undefined> {
  const id = `pull ${installName(server)}`;
  const begun = performance.now();
  const took = () => Math.round(performance.now() - begun);
  run.onEvent({ type: 'operation', id, state: 'running' });
  try {
    await installServer(server, places, { signal: run.signal, progress: (progress) => run.onEvent({ type: 'progress', id, progress }) });
    run.onEvent({ type: 'operation', id, state: 'done', took: took() });
    return undefined;
  } catch (thrown) {
    const error = asNoodleError(thrown);
    run.onEvent({ type: 'operation', id, state: 'failed', took: took(), problem: error.problem });
    return error;
  }
}
