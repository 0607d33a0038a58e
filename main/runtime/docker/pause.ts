/** The engine holds all processes of a container still. */
import type { EngineClient } from './engine/client.ts';
import { refusedWith } from './engine/refusal.ts';
import { inspectService, onContainer } from './instances.ts';

export function pauseContainer(engine: EngineClient, stack: string, service: string): Promise<void> {
  return unlessSo(engine, stack, service, 'pause', (status) => status !== 'running');
}

export function unpauseContainer(engine: EngineClient, stack: string, service: string): Promise<void> {
  return unlessSo(engine, stack, service, 'unpause', (status) => status !== 'paused');
}

/** What cannot be done because nothing has to be done is no error: engines refuse it with one of three statuses. */
async function unlessSo(
  engine: EngineClient,
  stack: string,
  service: string,
  act: 'pause' | 'unpause',
  needless: (status: string | undefined) => boolean,
): Promise<void> {
  try {
    await onContainer(engine, stack, service, (container) =>
      engine.run({ method: 'POST', path: `/containers/${container}/${act}`, doing: `${act} ${service}` }),
    );
  } catch (error) {
    if (!refusedWith(error, 404, 409, 500)) throw error;
    if (!needless((await inspectService(engine, stack, service))?.State.Status)) throw error;
  }
}
