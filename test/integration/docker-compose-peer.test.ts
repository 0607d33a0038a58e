/** `docker compose` and the Docker runtime on one stack: each sees and handles what the other made. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labCache } from '../lab/cache.ts';
import { type Bed, bringUp, clearAway, makeBed, newStackName, quietTask, tinyDefinition, tinyService } from '../lab/docker-bed.ts';
import { tinyImage } from '../lab/tiny-image.ts';

const run = promisify(execFile);
const found = await makeBed();
const bed = found as Bed;
const compose = await findCompose();
const missing = typeof found === 'string' ? found : compose ? undefined : 'no docker compose on this machine';

afterAll(async () => {
  if (typeof found !== 'string') await bed.close();
});

describe.skipIf(missing)(`docker compose as a neighbour${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const stack = newStackName();
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'noodlebox-compose-'));
  });

  afterEach(async () => {
    await clearAway(bed, stack);
    await rm(folder, { recursive: true, force: true });
  });

  it('lists, reads and takes down a stack of ours, volumes included', async () => {
    const spec = tinyService('db', 'echo hello; sleep 1000', {
      stopSignal: 'SIGKILL',
      mounts: [{ type: 'volume', source: 'data', target: '/data', readOnly: false }],
    });
    const definition = tinyDefinition(stack, [spec]);
    await bringUp(bed, definition);
    expect(await docker('ps', '--services')).toBe('db\n');
    await expect.poll(() => docker('logs', '--no-log-prefix')).toContain('hello\n');
    await docker('down', '--volumes');
    const observed = await bed.runtime.observe(definition);
    expect(observed).toMatchObject({ instances: [], volumes: [], networks: [] });
  });

  it('leaves us a stack that we observe, stop, start and remove', async () => {
    const content = {
      services: {
        db: { image: tinyImage, command: ['sleep', '1000'], stop_signal: 'SIGKILL', volumes: ['data:/data'], environment: { A: '1' } },
      },
      volumes: { data: {} },
    };
    await writeFile(join(folder, 'compose.yaml'), JSON.stringify(content));
    await docker('up', '--detach');
    const definition = tinyDefinition(stack, [tinyService('db', 'unused')]);
    const observed = await bed.runtime.observe(definition);
    expect(observed).toMatchObject({ volumes: [`${stack}_data`], networks: [`${stack}_default`] });
    expect(observed.instances).toMatchObject([{ service: 'db', state: 'running', specHash: undefined, environment: { A: '1' } }]);
    await bed.runtime.stop(stack, definition.services.db!, quietTask());
    await bed.runtime.remove(stack, 'db');
    await bed.runtime.removeNetwork(stack, definition.networks.default!);
    await bed.runtime.removeVolume(stack, definition.volumes.data!);
    expect(await bed.runtime.observe(definition)).toMatchObject({ instances: [], volumes: [], networks: [] });
  });

  async function docker(...args: string[]): Promise<string> {
    const [command = '', ...first] = compose ?? [];
    const { stdout } = await run(command, [...first, '--project-name', stack, ...args], { cwd: folder });
    return stdout;
  }
});

/** The plugin, or the lab's binary. */
async function findCompose(): Promise<readonly string[] | undefined> {
  for (const command of [['docker', 'compose'], [join(labCache(), 'docker-compose')]]) {
    const [program = '', ...args] = command;
    const answers = await run(program, [...args, 'version']).then(
      () => true,
      () => false,
    );
    if (answers) return command;
  }
  return undefined;
}
