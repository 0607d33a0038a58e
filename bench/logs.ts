/** Reading a million log lines, against `docker logs` of the same container. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { output, run } from '../test/lab/commands.ts';
import { ensureEngine } from '../test/lab/engine.ts';
import { haveImages, labImages } from '../test/lab/images/build.ts';
import { type Bench, Skip } from './bench.ts';
import { cli, withHome } from './lab.ts';
import { inTurn, type MeasuredRun, measured } from './measure.ts';

const lines = 1_000_000;
const stack = 'bench-logs';

export const logs: Bench = {
  async run(rounds) {
    const engine = await ensureEngine();
    if (engine.state === 'missing') throw new Skip(engine.reason);
    try {
      const base = { ...process.env, ...(engine.host ? { DOCKER_HOST: engine.host } : {}) };
      if (!(await haveImages(base))) throw new Skip('the lab images are not built (node test/lab/lab.ts images)');
      return await withHome((home) => measure(rounds, home, { ...base, NOODLEBOX_HOME: home }));
    } finally {
      await engine.stop();
    }
  },
};

async function measure(rounds: number, home: string, env: NodeJS.ProcessEnv) {
  const file = join(home, 'compose.yaml');
  const script = `seq -f "2026-01-01 00:00:00 INFO line %.0f of a server that talks much" ${lines}; echo done; sleep infinity`;
  await writeFile(
    file,
    `services:\n  writer:\n    image: ${labImages.redis}\n    entrypoint: [sh, -c, '${script}']\n    stop_grace_period: 1s\n`,
  );
  const ours = [cli, '--stack', stack, '--runtime', 'docker', '--file', file];
  await run(process.execPath, [...ours, 'up'], env);
  try {
    while (!(await output('docker', ['logs', '--tail', '1', `${stack}-writer-1`], env)).includes('done')) await sleep(500);
    const runs: MeasuredRun[] = [];
    const results = await inTurn(
      rounds,
      async () => {
        const result = await measured(process.execPath, [...ours, 'logs', 'writer'], env);
        runs.push(result);
        return result.seconds;
      },
      async () => (await measured('docker', ['logs', `${stack}-writer-1`], env)).seconds,
    );
    return [
      {
        kind: 'comparison',
        name: '1,000,000 log lines read',
        ...results,
        unit: 's',
        bound: { at: 'most', ratio: 1 },
        note: 'against docker logs',
      },
      { kind: 'figure', name: 'memory at its peak meanwhile', values: runs.map(({ peak }) => peak / 2 ** 20), unit: 'MiB' },
    ] as const;
  } finally {
    await run(process.execPath, [...ours, 'down', '--volumes', '--no-snapshot', '--yes'], env);
  }
}
