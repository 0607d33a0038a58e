/**
 * Prepares this machine for tests and benches, once:
 *   node test/lab/lab.ts images        the five lab images, in an engine that is started for it when none answers
 *   node test/lab/lab.ts mongo-java-server  a second MongoDB-wire server, for what FerretDB cannot do
 *   node test/lab/lab.ts compose-peer  docker compose, to measure against; prints its path
 *   node test/lab/lab.ts up            all of that, and the engine stays; prints the DOCKER_HOST to use it by
 *   node test/lab/lab.ts down          ends the engine that `up` started
 */
import { composePeer } from './compose-peer.ts';
import { ensureEngine, type LabEngine, stopEngine } from './engine.ts';
import { buildImages } from './images/build.ts';
import { provisionMongoJavaServer } from './mongo-java-server.ts';

const acts: Readonly<Record<string, () => Promise<void>>> = {
  images: async () => {
    const engine = await images();
    await engine.stop();
  },
  'mongo-java-server': async () => console.log(await provisionMongoJavaServer(process.env)),
  'compose-peer': async () => console.log(await composePeer(process.env)),
  up: async () => {
    console.log(await composePeer(process.env));
    const { host } = await images();
    if (host) console.log(`DOCKER_HOST=${host}`);
  },
  down: async () => console.log((await stopEngine()) ? 'the engine has ended' : 'no engine of ours runs'),
};

const act = acts[process.argv[2] ?? ''];
if (!act) throw new Error(`node test/lab/lab.ts ${Object.keys(acts).join('|')}`);
await act();

async function images(): Promise<Extract<LabEngine, { state: 'there' }>> {
  const engine = await ensureEngine();
  if (engine.state === 'missing') throw new Error(engine.reason);
  try {
    await buildImages({ ...process.env, ...(engine.host ? { DOCKER_HOST: engine.host } : {}) }, (line) => console.log(line));
    return engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}
