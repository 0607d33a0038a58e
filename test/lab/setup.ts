/** Before all integration tests: where no engine answers and one can be started, they get it for as long as they run. */
import { ensureEngine } from './engine.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const engine = await ensureEngine();
  if (engine.state === 'missing') {
    console.log(`No engine for the tests: ${engine.reason}`);
    return async () => {};
  }
  if (engine.host) process.env.DOCKER_HOST = engine.host;
  return engine.stop;
}
