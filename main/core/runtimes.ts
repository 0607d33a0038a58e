import type { RuntimeChoice, RuntimeKind } from '../../preload/contract/models.ts';
import { asNoodleError } from '../errors.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { serviceKinds } from '../services/registry.ts';
import type { CoreContext } from './context.ts';

/**
 * The runtime asked for; with `auto` the one the stack is on, else the one of the settings, else an
 * engine that answers, else native.
 * @throws NoodleError no-engine
 */
export async function openRuntime(core: CoreContext, choice: RuntimeChoice, known: RuntimeKind | undefined): Promise<Runtime> {
  const { runtime: preferred } = await core.settings();
  const wanted = choice !== 'auto' ? choice : (known ?? preferred);
  if (wanted === 'native') return openNativeRuntime(core);
  if (wanted === 'docker') return openDockerRuntime(core);
  try {
    return await openDockerRuntime(core);
  } catch (error) {
    if (asNoodleError(error).code !== 'no-engine') throw error;
    return openNativeRuntime(core);
  }
}

export async function openDockerRuntime(core: CoreContext): Promise<Runtime> {
  const [{ openDocker }, { dockerHost }] = await Promise.all([import('../runtime/docker/docker.ts'), core.settings()]);
  return openDocker({ host: dockerHost ?? undefined, env: core.env, parseLine: (kind, text) => serviceKinds[kind].parseLine(text) });
}

export async function openNativeRuntime(core: CoreContext): Promise<Runtime> {
  const { openNative } = await import('../runtime/native/native.ts');
  return openNative({ home: core.home, env: core.env, servers: (kind) => serviceKinds[kind].native() });
}
