/** Bringing the stack up, against `docker compose up --wait` on the same file, images present. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import { labCache } from '../test/lab/cache.ts';
import { ensureEngine } from '../test/lab/engine.ts';
import { haveImages, labImageVariables } from '../test/lab/images/build.ts';
import { type Bench, Skip } from './bench.ts';
import { cli, composeFile, root, withHome } from './lab.ts';
import { inTurn, timed } from './measure.ts';

export const up: Bench = {
  async run(rounds) {
    const engine = await ensureEngine();
    if (engine.state === 'missing') throw new Skip(engine.reason);
    try {
      const host = engine.host ? { DOCKER_HOST: engine.host } : {};
      if (!(await haveImages({ ...process.env, ...host }))) throw new Skip('the lab images are not built (node test/lab/lab.ts images)');
      return await withHome((home) => measure(rounds, { ...process.env, ...host, NOODLEBOX_HOME: home }));
    } finally {
      await engine.stop();
    }
  },
};

async function measure(rounds: number, base: NodeJS.ProcessEnv) {
  const compose = join(labCache(), 'docker-compose');
  const sample = parseEnv(readFileSync(join(root, 'compose', '.env.example'), 'utf8'));
  const env = { ...base, ...sample, ...labImageVariables, ...ports };
  const ours = (...args: string[]) => timed(process.execPath, [cli, '--stack', 'bench-ours', '--runtime', 'docker', ...args], env);
  const theirs = (...args: string[]) => timed(compose, ['-f', composeFile, '-p', 'bench-peer', ...args], env);

  const cold = await inTurn(
    rounds,
    async () => {
      const seconds = await ours('up', '--no-seed');
      await ours('down', '--volumes', '--no-snapshot', '--yes');
      return seconds;
    },
    async () => {
      const seconds = await theirs('up', '-d', '--wait');
      await theirs('down', '-v');
      return seconds;
    },
  );
  // One after the other: both stacks want the same ports.
  await ours('up', '--no-seed');
  await atRest();
  const oursAgain: number[] = [];
  for (let round = 0; round < rounds; round++) oursAgain.push(await ours('up', '--no-seed'));
  await ours('down', '--volumes', '--no-snapshot', '--yes');
  await theirs('up', '-d', '--wait');
  await atRest();
  const peerAgain: number[] = [];
  for (let round = 0; round < rounds; round++) peerAgain.push(await theirs('up', '-d', '--wait'));
  await theirs('down', '-v');

  return [
    {
      kind: 'comparison',
      name: 'cold up, images present',
      ...cold,
      unit: 's',
      bound: { at: 'most', ratio: 0.9 },
      note: 'against docker compose up --wait',
    },
    {
      kind: 'comparison',
      name: 'up when all is up',
      ours: oursAgain,
      peer: peerAgain,
      unit: 's',
      bound: { at: 'most', ratio: 0.5 },
      note: 'against docker compose up --wait',
    },
  ] as const;
}

/** Servers that have just started are busy for a while yet, and the sooner their start is told the more of that would be measured. */
const atRest = () => sleep(15_000);

/** Away from the usual ports, so that a stack that runs is not in the way. */
const ports = {
  NOODLEBOX_POSTGRES_PORT: '35432',
  NOODLEBOX_REDIS_PORT: '29379',
  NOODLEBOX_PULSAR_PORT: '26650',
  NOODLEBOX_PULSAR_HTTP_PORT: '28080',
  NOODLEBOX_MONGODB_PORT: '37017',
  NOODLEBOX_INFLUXDB_PORT: '29086',
};
