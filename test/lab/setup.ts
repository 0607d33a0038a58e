/** Before the integration tests: a container engine, where this machine can have one. It is stopped afterwards if it was started here. */
import { ensureEngine } from './engine.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const engine = await ensureEngine();
  if (engine.state === 'missing') {
    console.log(`No container engine: ${engine.reason}`);
    return async () => {};
  }
  if (engine.host) process.env.DOCKER_HOST = engine.host;
  return () => engine.stop();
}
