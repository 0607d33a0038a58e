import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOf } from '../../main/runtime/native/process.ts';
import type { Runtime } from '../../main/runtime/runtime.ts';
import type { ServiceSpec } from '../../main/runtime/spec.ts';
import { serviceKinds } from '../../main/services/registry.ts';
import { commandLine, listeningAddresses, loopback, type NativeBed, nativeBed, shellServer } from '../support/native-bed.ts';

const linux = process.platform === 'linux';

let bed: NativeBed;
let runtime: Runtime;

beforeEach(async () => {
  bed = await nativeBed();
  runtime = bed.open();
});
afterEach(() => bed.close());

describe('a server as a process', () => {
  it('PostgreSQL starts in an empty volume, answers to its own user, and keeps its data over a restart', async () => {
    await bed.start(runtime, 'postgres');
    await bed.ready(runtime, 'postgres');
    await query('create table kept (id integer)');
    await runtime.stop(bed.stack, bed.spec('postgres'), bed.task);
    expect(await runtime.inspect(bed.stack, 'postgres')).toMatchObject({ state: 'exited', exitCode: 0 });

    await runtime.start(bed.stack, bed.spec('postgres'), bed.task);
    await bed.ready(runtime, 'postgres');
    expect(await query('select * from kept')).toEqual([]);
    await expect(query('select 1', 'wrong')).rejects.toThrow(/password authentication failed/);
  });

  it('PostgreSQL is ready on data of another password, so that signing in can tell what is wrong', async () => {
    await bed.start(runtime, 'postgres');
    await bed.ready(runtime, 'postgres');
    await runtime.stop(bed.stack, bed.spec('postgres'), bed.task);
    const spec = { ...bed.spec('postgres'), environment: { ...bed.spec('postgres').environment, POSTGRES_PASSWORD: 'another' } };
    await runtime.create(bed.definition, spec, 'other hash', bed.task);
    await runtime.start(bed.stack, spec, bed.task);
    await bed.ready(runtime, 'postgres');
    await expect(query('select 1', 'another')).rejects.toThrow(/password authentication failed/);
  });

  it('is found again by a Noodlebox that did not start it, and stopped by it', async () => {
    await bed.start(runtime, 'redis');
    await bed.ready(runtime, 'redis');
    const before = await runtime.inspect(bed.stack, 'redis');

    const other = bed.open();
    const after = await other.inspect(bed.stack, 'redis');
    expect(after).toEqual(before);
    expect(after).toMatchObject({ state: 'running', health: 'none' });
    await other.stop(bed.stack, bed.spec('redis'), bed.task);
    expect((await runtime.inspect(bed.stack, 'redis'))?.state).toBe('exited');
  });

  it('goes on when the Noodlebox that started it is killed', async () => {
    const script = `
      import { openNative } from ${JSON.stringify(join(import.meta.dirname, '../../main/runtime/native/native.ts'))};
      import { serviceKinds } from ${JSON.stringify(join(import.meta.dirname, '../../main/services/registry.ts'))};
      const runtime = openNative({ home: process.env.TEST_HOME, env: process.env, servers: (kind) => serviceKinds[kind].native() });
      await runtime.start('bed', { name: 'redis' }, { signal: new AbortController().signal, progress() {} });
      process.kill(process.pid, 'SIGKILL');`;
    await bed.create(runtime, 'redis');
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      env: { ...process.env, TEST_HOME: bed.home },
      stdio: 'inherit',
    });
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');

    await bed.ready(runtime, 'redis');
    process.kill((await runtime.inspect(bed.stack, 'redis'))!.pid!, 'SIGKILL');
    await gone('redis');
    // Nobody who could be asked saw how it ended.
    expect(await runtime.inspect(bed.stack, 'redis')).toMatchObject({ state: 'exited', exitCode: undefined });
  });

  it('killed by hand is seen as exited with the signal, and starts again', async () => {
    await bed.start(runtime, 'postgres');
    await bed.ready(runtime, 'postgres');
    process.kill((await runtime.inspect(bed.stack, 'postgres'))!.pid!, 'SIGKILL');
    await gone('postgres');
    // How it ended is told a moment after it has gone.
    await expect.poll(() => runtime.probe(bed.stack, bed.spec('postgres'))).toEqual({ state: 'gone', exitCode: 137 });

    await runtime.start(bed.stack, bed.spec('postgres'), bed.task);
    await bed.ready(runtime, 'postgres');
  });

  it('every act may be repeated: what is so already is no error', async () => {
    await bed.start(runtime, 'redis');
    const { pid } = (await runtime.inspect(bed.stack, 'redis'))!;
    await Promise.all([runtime.start(bed.stack, bed.spec('redis'), bed.task), runtime.start(bed.stack, bed.spec('redis'), bed.task)]);
    expect((await runtime.inspect(bed.stack, 'redis'))?.pid).toBe(pid);
    await expect(runtime.remove(bed.stack, 'redis')).rejects.toMatchObject({ code: 'stack-busy' });
    for (let twice = 0; twice < 2; twice++) await runtime.stop(bed.stack, bed.spec('redis'), bed.task);
    for (let twice = 0; twice < 2; twice++) await runtime.remove(bed.stack, 'redis');
    expect(await runtime.inspect(bed.stack, 'redis')).toBeUndefined();
    for (let twice = 0; twice < 2; twice++) await runtime.removeVolume(bed.stack, bed.definition.volumes['redis-data']!);
    expect(await runtime.observe(bed.definition)).toMatchObject({ instances: [], volumes: [] });
    expect(await runtime.stacks()).toEqual([]);
  });

  it('two starts at once make one process', async () => {
    await bed.create(runtime, 'redis');
    await Promise.all([runtime.start(bed.stack, bed.spec('redis'), bed.task), bed.open().start(bed.stack, bed.spec('redis'), bed.task)]);
    await bed.ready(runtime, 'redis');
    const log = await bed.lines(runtime, 'redis');
    expect(log.filter((text) => text.includes('Ready to accept connections'))).toHaveLength(1);
  });

  it('a port that is taken is told before anything starts', async () => {
    await bed.create(runtime, 'redis');
    const port = bed.spec('redis').ports[0]!.published!;
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      await expect(runtime.start(bed.stack, bed.spec('redis'), bed.task)).rejects.toMatchObject({
        code: 'port-taken',
        message: expect.stringContaining(String(port)),
      });
      expect((await runtime.inspect(bed.stack, 'redis'))?.state).toBe('created');
    } finally {
      server.close();
    }
  });

  it('a service of no known kind is refused with the way out', async () => {
    const spec: ServiceSpec = { ...bed.spec('redis'), name: 'web', kind: undefined, image: 'nginx:1' };
    await expect(runtime.create(bed.definition, spec, 'hash', bed.task)).rejects.toMatchObject({ code: 'server-missing' });
  });
});

describe('a process that is not ours', () => {
  it.runIf(linux)('is neither taken for a server nor killed when it has the pid of one', async () => {
    await bed.start(runtime, 'redis');
    await runtime.stop(bed.stack, bed.spec('redis'), bed.task);
    const stranger = spawn('sleep', ['60'], { detached: true });
    try {
      const path = join(bed.folder('redis'), 'run.json');
      const run = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(path, JSON.stringify({ ...run, pid: stranger.pid }));
      expect((await bed.open().inspect(bed.stack, 'redis'))?.state).toBe('exited');
      await bed.open().stop(bed.stack, bed.spec('redis'), bed.task);
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
      process.kill(stranger.pid!, 0);
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it.runIf(linux)("with the pid in PostgreSQL's own lock file does not keep it from starting", async () => {
    await bed.start(runtime, 'postgres');
    await bed.ready(runtime, 'postgres');
    process.kill((await runtime.inspect(bed.stack, 'postgres'))!.pid!, 'SIGKILL');
    await gone('postgres');
    const lock = join(bed.home, 'stacks', bed.stack, 'volumes', `${bed.stack}_postgres-data`, 'postmaster.pid');
    const text = await readFile(lock, 'utf8');
    await writeFile(lock, text.replace(/^\d+/, String(process.pid)));
    await runtime.start(bed.stack, bed.spec('postgres'), bed.task);
    await bed.ready(runtime, 'postgres');
  });
});

describe('cut off in the middle', () => {
  it('a data folder whose making was killed is made anew', async () => {
    await bed.create(runtime, 'postgres');
    const volumes = join(bed.home, 'stacks', bed.stack, 'volumes');
    const unfinished = async () => (await readdir(volumes)).filter((name) => name.startsWith('.'));
    const script = `
      import { openNative } from ${JSON.stringify(join(import.meta.dirname, '../../main/runtime/native/native.ts'))};
      import { serviceKinds } from ${JSON.stringify(join(import.meta.dirname, '../../main/services/registry.ts'))};
      const runtime = openNative({ home: process.env.TEST_HOME, env: process.env, servers: (kind) => serviceKinds[kind].native() });
      await runtime.start('bed', { name: 'postgres' }, { signal: new AbortController().signal, progress() {} });`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      env: { ...process.env, TEST_HOME: bed.home },
      stdio: 'inherit',
    });
    const begun = async (name: string) => (await readdir(join(volumes, name)).catch((): string[] => [])).includes('PG_VERSION');
    while (!(await Promise.all((await unfinished()).map(begun))).includes(true)) await sleep(5);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await readdir(join(volumes, `${bed.stack}_postgres-data`))).toEqual([]);
    expect((await runtime.observe(bed.definition)).volumes).toEqual([`${bed.stack}_postgres-data`]);

    await runtime.start(bed.stack, bed.spec('postgres'), bed.task);
    await bed.ready(runtime, 'postgres');
    await query('select 1');
    await runtime.stop(bed.stack, bed.spec('postgres'), bed.task);
    await runtime.removeVolume(bed.stack, bed.definition.volumes['postgres-data']!);
    expect(await readdir(volumes)).toEqual([]);
  });

  it('a volume that holds something else is left as it is', async () => {
    await bed.create(runtime, 'postgres');
    const data = join(bed.home, 'stacks', bed.stack, 'volumes', `${bed.stack}_postgres-data`);
    await writeFile(join(data, 'diary.txt'), 'mine');
    await expect(runtime.start(bed.stack, bed.spec('postgres'), bed.task)).rejects.toMatchObject({ code: 'data-version' });
    expect(await readFile(join(data, 'diary.txt'), 'utf8')).toBe('mine');
  });

  it('a server that does not stop within its grace is killed with its children', async () => {
    const stubborn = shellServer(`trap '' TERM; sleep 300 & echo child $!; wait; sleep 300`);
    runtime = bed.open(async () => stubborn);
    await bed.start(runtime, 'redis');
    let child: number | undefined;
    while (child === undefined) {
      child = (await bed.lines(runtime, 'redis')).flatMap((text) => (/^child (\d+)$/.exec(text) ? [Number(text.slice(6))] : []))[0];
      await sleep(20);
    }

    await rewriteGrace('redis', 200);
    await runtime.stop(bed.stack, bed.spec('redis'), bed.task);
    expect(await runtime.inspect(bed.stack, 'redis')).toMatchObject({ state: 'exited', exitCode: 137 });
    await expect.poll(() => startOf(child)).toBeUndefined();
  });
});

describe('what others on this machine can see', () => {
  it.runIf(linux).for(Object.keys(serviceKinds))(
    '%s listens on loopback only and shows no secret in its command line',
    async (name, { skip }) => {
      const server = await serviceKinds[name as keyof typeof serviceKinds].native();
      const places = { servers: (await runtime.info()).endpoint, env: process.env };
      if (!(await server.find(places))) skip(`${server.title} is not installed here: noodlebox servers install ${name}`);
      await bed.start(runtime, name);
      await bed.ready(runtime, name);
      const { pid } = (await runtime.inspect(bed.stack, name))!;
      const addresses = await listeningAddresses(pid!);
      expect(addresses.length).toBeGreaterThan(0);
      for (const address of addresses) expect(loopback).toContain(address);

      const secrets = serviceKinds[name as keyof typeof serviceKinds].secrets.map((rule) => bed.spec(name).environment[rule.environment]!);
      const line = await commandLine(pid!);
      const log = (await bed.lines(runtime, name)).join('\n');
      for (const secret of secrets) {
        expect(line).not.toContain(secret);
        expect(log.includes(secret), `${name} logs a secret`).toBe(false);
      }
      for (const file of await readdir(bed.folder(name), { recursive: true, withFileTypes: true })) {
        if (!file.isFile()) continue;
        const path = join(file.parentPath, file.name);
        const text = await readFile(path, 'utf8');
        if (secrets.some((secret) => text.includes(secret))) expect((await stat(path)).mode & 0o077, file.name).toBe(0);
      }

      const sample = await firstSample();
      expect(sample?.find(({ service }) => service === name)?.memory).toBeGreaterThan(1_000_000);
      await runtime.stop(bed.stack, bed.spec(name), bed.task);
      expect((await runtime.inspect(bed.stack, name))?.state).toBe('exited');
      // Once more, on the data that is there now.
      await runtime.start(bed.stack, bed.spec(name), bed.task);
      await bed.ready(runtime, name);
    },
  );
});

async function query(text: string, password = bed.spec('postgres').environment.POSTGRES_PASSWORD): Promise<unknown[]> {
  const port = bed.spec('postgres').ports[0]!.published!;
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'noodle_user', password, database: 'noodle_db' });
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function gone(service: string): Promise<void> {
  await expect.poll(async () => (await runtime.inspect(bed.stack, service))?.state).toBe('exited');
}

async function firstSample() {
  for await (const samples of runtime.stats(bed.stack, bed.task.signal)) return samples;
}

async function rewriteGrace(service: string, stopGrace: number): Promise<void> {
  const path = join(bed.folder(service), 'instance.json');
  const record = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...record, spec: { ...record.spec, stopGrace } }));
}
