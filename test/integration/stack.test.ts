import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createCore } from '../../main/core/create.ts';
import { asNoodleError } from '../../main/errors.ts';
import { takeLock } from '../../main/home/lock.ts';
import { homePaths } from '../../main/home/paths.ts';
import type { RuntimeKind } from '../../preload/contract/models.ts';
import { lacking, makeStack, quietRun, type StackBed, watchedRun } from '../lab/stack-bed.ts';
import { noodlebox } from '../support/cli.ts';

const exec = promisify(execFile);
const pair = ['postgres', 'redis'] as const;

describe.each(['docker', 'native'] as const)('a stack on %s', async (runtime: RuntimeKind) => {
  const lacks = await lacking(runtime, pair);
  const beds: StackBed[] = [];
  const bed = async (more?: Parameters<typeof makeStack>[1]) => {
    const made = await makeStack(runtime, more);
    beds.push(made);
    return made;
  };
  afterEach(async () => {
    for (const made of beds.splice(0)) await made.clear();
  });
  const test = (name: string, act: () => Promise<void>) => it(name, (context) => (lacks ? context.skip(lacks) : act()));

  test('comes up filled, tells its health, and has nothing to do the second time', async () => {
    const { stack, reopen } = await bed();
    await stack.up(pair, { seed: true, install: false }, quietRun());
    const status = await stack.status();
    const services = status.services.filter(({ name }) => name === 'postgres' || name === 'redis');
    expect(services.map(({ state }) => state)).toEqual(['healthy', 'healthy']);
    expect(services.every(({ url, version, port, startedAt }) => url?.includes('***') && version && port && startedAt)).toBe(true);
    const seeds = (await stack.seedState()).filter(({ kind }) => kind === 'postgres' || kind === 'redis');
    expect(seeds.map(({ state }) => state)).toEqual(['seeded', 'seeded']);
    expect(seeds[0]!.counts).toContainEqual({ name: 'users', rows: 100 });
    expect(await (await reopen()).plan(pair, { seed: true })).toEqual([]);
  });

  test('keeps its data over down and up, and its passwords are readable by their owner only', async () => {
    const { stack, reopen, home, name } = await bed();
    await stack.up(['redis'], { seed: true, install: false }, quietRun());
    const before = (await stack.seedState()).find(({ kind }) => kind === 'redis');
    await stack.down({ volumes: false, snapshot: false }, quietRun());
    const again = await reopen();
    await again.up(['redis'], { seed: true, install: false }, quietRun());
    expect((await again.seedState()).find(({ kind }) => kind === 'redis')?.counts).toEqual(before?.counts);
    const credentials = await readFile(homePaths(home).credentials(name), 'utf8');
    expect(JSON.stringify(await again.status(undefined, { usage: false }))).not.toContain(JSON.parse(credentials).NOODLEBOX_REDIS_PASSWORD);
  });

  test('is forgotten once nothing of it is left, and not before: services, data and snapshots are named', async () => {
    const { stack, core, home, name, env } = await bed();
    const refusal = () => core.forget(name).then(() => undefined, asNoodleError);
    const folder = homePaths(home).stack(name);
    expect((await refusal())?.code).toBe('unknown-stack');
    expect(existsSync(folder)).toBe(false);

    await stack.up(['redis'], { seed: false, install: false }, quietRun());
    expect((await refusal())?.problem).toMatchObject({
      code: 'conflict',
      why: expect.stringMatching(/services \(redis\); volumes with data/),
    });
    await stack.down({ volumes: false, snapshot: false }, quietRun());
    expect((await refusal())?.problem.why).toMatch(/^Still there: volumes with data \(.*redis/);
    await stack.up(['redis'], { seed: false, install: false }, quietRun());
    const { id } = await stack.snapshots.create({ name: null, note: null }, quietRun());
    await stack.schedule.set({
      name: 'nightly',
      act: 'snapshot',
      cron: '0 3 * * *',
      zone: 'UTC',
      quiet: null,
      keepDays: 30,
      recipients: [],
    });
    await stack.down({ volumes: true, snapshot: false }, quietRun());
    expect((await refusal())?.problem.why).toContain('snapshots (1)');
    await stack.snapshots.delete(id, quietRun());
    expect(existsSync(homePaths(home).credentials(name))).toBe(true);

    const lock = await takeLock(homePaths(home).lock(name), 'a test', 'stack-busy');
    expect((await refusal())?.code).toBe('stack-busy');
    await lock.release();
    expect(await core.forgettable(name)).toEqual(expect.arrayContaining(['Its schedule, and how that went']));
    // What stands to be lost is asked for first.
    const asked = await noodlebox(['stacks', 'forget', name, '--json'], env);
    expect([asked.code, asked.lines.at(-1)]).toMatchObject([2, { ok: false, problem: { code: 'confirmation-needed' } }]);
    expect(existsSync(folder)).toBe(true);
    expect((await noodlebox(['stacks', 'forget', name, '--yes', '--json'], env)).lines.at(-1)).toMatchObject({ type: 'result', ok: true });
    expect(existsSync(folder)).toBe(false);
    expect((await core.stacks()).map((each) => each.name)).not.toContain(name);
    expect((await refusal())?.code).toBe('unknown-stack');
  });

  test('starts again what was killed by hand, and says meanwhile that it does not run', async () => {
    const { stack, name } = await bed();
    await stack.up(['redis'], { seed: false, install: false }, quietRun());
    const before = (await stack.status(undefined, { usage: false })).services.find(({ name: service }) => service === 'redis')!;
    if (runtime === 'docker') await exec('docker', ['kill', `${name}-redis-1`]);
    else process.kill(before.pid!, 'SIGKILL');
    await expect
      .poll(async () => (await stack.status(undefined, { usage: false })).services.find(({ name: service }) => service === 'redis')?.state)
      .toBe('stopped');
    await stack.up(['redis'], { seed: false, install: false }, quietRun());
    const after = (await stack.status(undefined, { usage: false })).services.find(({ name: service }) => service === 'redis')!;
    expect(after.state).toBe('healthy');
    expect(after.pid).not.toBe(before.pid);
  });

  test('refuses a volume that another password was set for, and says which way out there is', async () => {
    const { stack, reopen, home, name } = await bed();
    await stack.up(['postgres'], { seed: false, install: false }, quietRun());
    await stack.down({ volumes: false, snapshot: false }, quietRun());
    const path = homePaths(home).credentials(name);
    const credentials = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
    await writeFile(path, JSON.stringify({ ...credentials, NOODLEBOX_POSTGRES_PASSWORD: 'another' }));
    const up = (await reopen()).up(['postgres'], { seed: true, install: false }, quietRun());
    await expect(up).rejects.toMatchObject({ problem: { code: 'wrong-password', todo: expect.any(String) } });
    await writeFile(path, JSON.stringify(credentials));
    await (await reopen()).up(['postgres'], { seed: true, install: false }, quietRun());
  });

  test('refuses data of another major version before the server sees it, and leaves them as they are', async () => {
    const { stack, reopen, name, home } = await bed();
    await stack.up(['postgres'], { seed: false, install: false }, quietRun());
    await stack.down({ volumes: false, snapshot: false }, quietRun());
    const version = async (text?: string) => {
      if (runtime === 'native') {
        const file = join(home, 'stacks', name, 'volumes', `${name}_postgres-data`, 'PG_VERSION');
        if (text) await writeFile(file, text);
        return readFile(file, 'utf8');
      }
      const script = text ? `printf ${text} >/v/PG_VERSION; cat /v/PG_VERSION` : 'cat /v/PG_VERSION';
      const { stdout } = await exec('docker', [
        'run',
        '--rm',
        '--entrypoint',
        'sh',
        '-v',
        `${name}_postgres-data:/v`,
        'noodlebox-lab/postgres:17',
        '-c',
        script,
      ]);
      return stdout;
    };
    await version('16');
    const up = (await reopen()).up(['postgres'], { seed: false, install: false }, quietRun());
    await expect(up).rejects.toMatchObject({ code: 'data-version', message: expect.stringContaining('16') });
    expect((await version()).trim()).toBe('16');
    await version('17');
    await (await reopen()).up(['postgres'], { seed: false, install: false }, quietRun());
  });

  test('goes on from where Ctrl-C left it', async () => {
    const { stack, reopen } = await bed();
    const abort = new AbortController();
    const interrupted = stack.up(
      pair,
      { seed: true, install: false },
      {
        signal: abort.signal,
        onEvent: (event) => {
          if (event.type === 'operation' && event.id === 'start postgres' && event.state === 'done') abort.abort();
        },
      },
    );
    await expect(interrupted).rejects.toMatchObject({ code: 'cancelled' });
    const again = await reopen();
    await again.up(pair, { seed: true, install: false }, quietRun());
    expect((await again.seedState()).find(({ kind }) => kind === 'postgres')?.state).toBe('seeded');
  });

  test('names the owner of a port that was asked for and is taken, before anything starts', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    try {
      const { stack } = await bed({ env: { NOODLEBOX_REDIS_PORT: String(port) } });
      const up = stack.up(['redis'], { seed: false, install: false }, quietRun());
      await expect(up).rejects.toMatchObject({ code: 'port-taken', message: expect.stringContaining(`process ${process.pid}`) });
      expect((await stack.status(undefined, { usage: false })).services.every(({ state }) => state === 'stopped')).toBe(true);
    } finally {
      server.close();
    }
  });

  test('runs beside another with ports, passwords and data of its own', async () => {
    const [one, two] = [await bed(), await bed()];
    await Promise.all([one, two].map(({ stack }) => stack.up(['redis'], { seed: false, install: false }, quietRun())));
    const connections = await Promise.all([one, two].map(({ stack }) => stack.connection('redis')));
    expect(connections[0]!.port).not.toBe(connections[1]!.port);
    expect(connections[0]!.parts.password).not.toBe(connections[1]!.parts.password);
  });

  test('lets one process at a time change it, and names the other', async () => {
    const { stack, reopen } = await bed();
    const other = await reopen();
    let second: Promise<void> | undefined;
    const first = stack.up(
      ['redis'],
      { seed: false, install: false },
      {
        signal: new AbortController().signal,
        onEvent: (event) => {
          if (event.type !== 'plan') return;
          second = other.up(['redis'], { seed: false, install: false }, quietRun());
          // Looked at below; until then its refusal is expected.
          second.catch(() => {});
        },
      },
    );
    await Promise.allSettled([first]);
    await expect(second).rejects.toMatchObject({ code: 'stack-busy', message: expect.stringContaining(`process ${process.pid}`) });
    await first;
  });

  test('restarts and resets as asked', async () => {
    const { stack } = await bed();
    await stack.up(['redis'], { seed: false, install: false }, quietRun());
    const pid = async () => (await stack.status(undefined, { usage: false })).services.find(({ name }) => name === 'redis')?.pid;
    const before = await pid();
    await stack.restart(['redis'], quietRun());
    expect(await pid()).not.toBe(before);
    const run = watchedRun();
    await stack.stop(['redis'], run);
    expect((await stack.status(undefined, { usage: false })).services.find(({ name }) => name === 'redis')?.state).toBe('stopped');
  });

  test('tells unknown services and services that are not there apart', async () => {
    const { stack } = await bed();
    await expect(stack.up(['postgress'], { seed: false, install: false }, quietRun())).rejects.toMatchObject({
      code: 'unknown-service',
      message: expect.stringContaining('postgres, redis'),
    });
  });
});

describe('an engine that is not to be had', async () => {
  const lacks = await lacking('docker', pair);
  const test = (name: string, act: () => Promise<void>) => it(name, (context) => (lacks ? context.skip(lacks) : act()));

  it('is one clear error that says where was looked', async () => {
    const home = join(tmpdir(), `noodlebox-none-${randomUUID()}`);
    const core = await createCore({ env: { ...process.env, NOODLEBOX_HOME: home, DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
    const opening = core.open({ stack: 'box', runtime: 'docker' });
    await expect(opening).rejects.toMatchObject({ code: 'no-engine', message: expect.stringContaining('/nowhere/docker.sock') });
    await rm(home, { recursive: true, force: true });
  });

  test('any more in the middle of up is told as that, and the next up goes on', async () => {
    const proxy = await engineProxy();
    const bed = await makeStack('docker', { env: { DOCKER_HOST: proxy.host } });
    try {
      const up = bed.stack.up(
        ['redis'],
        { seed: false, install: false },
        {
          signal: new AbortController().signal,
          onEvent: (event) => {
            if (event.type === 'operation' && event.id === 'create redis' && event.state === 'done') proxy.cut();
          },
        },
      );
      await expect(up).rejects.toMatchObject({ code: 'engine-lost' });
      proxy.mend();
      await (await bed.reopen()).up(['redis'], { seed: false, install: false }, quietRun());
    } finally {
      await bed.clear();
      await proxy.close();
    }
  });

  test('for an image that no registry gives is told by the image', async () => {
    const file = join(tmpdir(), `noodlebox-image-${randomUUID()}`, 'compose.yaml');
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, 'services:\n  app:\n    image: registry.invalid/none:1\n');
    const bed = await makeStack('docker', { file });
    try {
      const up = bed.stack.up([], { seed: false, install: true }, quietRun());
      await expect(up).rejects.toMatchObject({ code: 'image-unavailable', message: expect.stringContaining('registry.invalid/none:1') });
    } finally {
      await bed.clear();
      await rm(join(file, '..'), { recursive: true });
    }
  });
});

/** Stands between a client and the engine's socket, and can cut the line. */
async function engineProxy() {
  const path = join(tmpdir(), `noodlebox-proxy-${randomUUID()}.sock`);
  const target = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').replace('unix://', '');
  const lines = new Set<Socket>();
  let whole = true;
  const server = createServer((client) => {
    if (!whole) return client.destroy();
    const engine = connect(target);
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ] as const) {
      lines.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        lines.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    host: `unix://${path}`,
    cut: () => {
      whole = false;
      for (const line of lines) line.destroy();
    },
    mend: () => {
      whole = true;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
