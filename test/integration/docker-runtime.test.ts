import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NoodleError } from '../../main/errors.ts';
import type { PortSpec } from '../../main/runtime/spec.ts';
import { type Bed, bringUp, clearAway, makeBed, newStackName, quietTask, tinyDefinition, tinyService } from '../lab/docker-bed.ts';
import { freePorts } from '../lab/servers.ts';
import { tinyImage } from '../lab/tiny-image.ts';

const found = await makeBed();
const missing = typeof found === 'string' ? found : undefined;
const bed = found as Bed;
const stack = newStackName();

afterAll(async () => {
  if (!missing) await bed.close();
});

describe.skipIf(missing)(`the Docker runtime${missing ? ` (skipped: ${missing})` : ''}`, () => {
  afterEach(() => clearAway(bed, stack));

  it('makes what the definition says and observes it again', async () => {
    const [port] = (await freePorts(1)) as [number];
    const spec = tinyService('web', 'cat /etc/noodlebox/deep/web.conf; while true; do echo hello | nc -l -p 80; done', {
      environment: { GREETING: 'a=b', EMPTY: '' },
      ports: [published(80, port)],
      mounts: [
        { type: 'volume', source: 'data', target: '/data', readOnly: false },
        { type: 'tmpfs', target: '/scratch' },
      ],
      configs: [{ target: '/etc/noodlebox/deep/web.conf', content: 'key = "välue"\n', mode: 0o440, uid: 7, gid: 8 }],
      healthcheck: { test: ['CMD-SHELL', 'test -f /data/ready'], interval: 60_000, timeout: 2_000, retries: 3, startPeriod: 1_000 },
      labels: { 'io.noodlebox.kind': 'postgres' },
      ulimits: { nofile: { soft: 1024, hard: 2048 } },
      memoryLimit: 64 * 1024 * 1024,
      stopSignal: 'SIGKILL',
      init: true,
    });
    const definition = tinyDefinition(stack, [spec]);
    await bringUp(bed, definition);

    const observed = await bed.runtime.observe(definition);
    expect(observed.volumes).toEqual([`${stack}_data`]);
    expect(observed.networks).toEqual([`${stack}_default`]);
    expect(observed.provided).toEqual({ [tinyImage]: true });
    const [instance] = observed.instances;
    expect(instance).toMatchObject({
      service: 'web',
      name: `${stack}-web-1`,
      state: 'running',
      health: 'starting',
      specHash: 'hash-of-the-spec',
      image: tinyImage,
      exitCode: undefined,
    });
    expect(instance?.environment).toMatchObject({ GREETING: 'a=b', EMPTY: '' });
    expect(instance?.ports).toEqual([{ target: 80, published: port, hostIp: '127.0.0.1' }]);
    expect(instance?.startedAt).toBeGreaterThan(Date.now() - 60_000);
    expect(await bed.runtime.inspect(stack, 'web')).toEqual(instance);
    expect(await bed.runtime.stacks()).toContain(stack);
    expect((await bed.runtime.readFile(stack, spec, '/etc/noodlebox/deep/web.conf'))?.toString()).toBe('key = "välue"\n');
    expect(await bed.runtime.readFile(stack, spec, '/data/none')).toBeUndefined();
    expect(await bed.runtime.readFile(stack, spec, '/data')).toBeUndefined();
  });

  it('probes with the health check of the service, and tells apart not ready and gone', async () => {
    const spec = tinyService('db', 'sleep 1000', {
      healthcheck: {
        test: ['CMD-SHELL', 'echo no such file; test -f /tmp/ready'],
        interval: 60_000,
        timeout: 60_000,
        retries: 3,
        startPeriod: 0,
      },
    });
    const definition = tinyDefinition(stack, [spec]);
    expect(await bed.runtime.probe(stack, spec)).toEqual({ state: 'gone', exitCode: undefined });
    await bringUp(bed, definition);
    expect(await bed.runtime.probe(stack, spec)).toEqual({ state: 'not-ready', message: 'no such file' });
    expect(await bed.runtime.probe(stack, { ...spec, healthcheck: { ...spec.healthcheck!, test: ['CMD', 'true'] } })).toEqual({
      state: 'ready',
    });
    expect(
      await bed.runtime.probe(stack, { ...spec, healthcheck: { ...spec.healthcheck!, test: ['CMD', 'no-such-program'] } }),
    ).toMatchObject({ state: 'not-ready', message: /no-such-program/ });
    const slow = { ...spec.healthcheck!, test: ['CMD', 'sleep', '60'], timeout: 500 };
    expect(await bed.runtime.probe(stack, { ...spec, healthcheck: slow })).toMatchObject({
      state: 'not-ready',
      message: /longer than 500 ms/,
    });
    expect(await bed.runtime.probe(stack, { ...spec, healthcheck: undefined })).toEqual({ state: 'ready' });
    await bed.runtime.stop(stack, spec, quietTask());
    expect(await bed.runtime.probe(stack, spec)).toEqual({ state: 'gone', exitCode: 137 });
  });

  it('may be told everything twice', async () => {
    const spec = tinyService('db', 'sleep 1000', { stopSignal: 'SIGKILL' });
    const definition = tinyDefinition(stack, [spec]);
    const { runtime } = bed;
    await bringUp(bed, definition);
    await runtime.createNetwork(stack, definition.networks.default!);
    await runtime.createVolume(stack, definition.volumes.data!);
    await runtime.start(stack, spec, quietTask());
    for (let time = 0; time < 2; time += 1) await runtime.stop(stack, spec, quietTask());
    await Promise.all([runtime.remove(stack, 'db'), runtime.remove(stack, 'db')]);
    await runtime.stop(stack, spec, quietTask());
    for (let time = 0; time < 2; time += 1) {
      await runtime.remove(stack, 'db');
      await runtime.removeNetwork(stack, definition.networks.default!);
      await runtime.removeVolume(stack, definition.volumes.data!);
    }
    expect(await runtime.observe(definition)).toMatchObject({ instances: [], volumes: [], networks: [] });
    expect(await runtime.inspect(stack, 'db')).toBeUndefined();
    expect(await runtime.stacks()).not.toContain(stack);
  });

  it('lets services find each other by name on every network they share', async () => {
    const networks = ['default', 'back'].map((key) => ({ key, name: `${stack}_${key}`, external: false, internal: false, labels: {} }));
    const server = tinyService('server', 'while true; do echo found | nc -l -p 5000; done', { networks: ['default', 'back'] });
    const client = tinyService('client', 'until nc server 5000 </dev/null | grep found; do sleep 0.1; done', { networks: ['back'] });
    await bringUp(
      bed,
      tinyDefinition(stack, [server, client], { networks: Object.fromEntries(networks.map((network) => [network.key, network])) }),
    );
    const lines = await readLog('client', { follow: true, until: 1 });
    expect(lines.map(({ text }) => text)).toEqual(['found']);
  });

  it('keeps data in volumes when the container is made anew', async () => {
    const spec = tinyService('db', 'echo 17 >> /data/PG_VERSION', {
      mounts: [{ type: 'volume', source: 'data', target: '/data', readOnly: false }],
    });
    const definition = tinyDefinition(stack, [spec]);
    await bringUp(bed, definition);
    await gone(spec.name);
    await bed.runtime.remove(stack, 'db');
    await bed.runtime.create(definition, spec, 'another', quietTask());
    expect((await bed.runtime.readFile(stack, spec, '/data/PG_VERSION'))?.toString()).toBe('17\n');
  });

  it('names the port when starting fails because it is taken, and starts once it is free', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { port } = blocker.address() as { port: number };
    const spec = tinyService('web', 'sleep 1000', { ports: [published(80, port)] });
    const failure = await bringUp(bed, tinyDefinition(stack, [spec])).then(
      () => undefined,
      (error: NoodleError) => error,
    );
    await new Promise((resolve) => blocker.close(resolve));
    expect(failure?.problem).toMatchObject({ code: 'port-taken', what: expect.stringContaining(`Port ${port} is taken`) });
    await bed.runtime.start(stack, spec, quietTask());
    expect((await bed.runtime.inspect(stack, 'web'))?.state).toBe('running');
  });

  it('says that an image is not there when a container is made of it', async () => {
    const spec = tinyService('web', 'true', { image: 'noodlebox-test/none:1' });
    const definition = tinyDefinition(stack, [spec]);
    expect((await bed.runtime.observe(definition)).provided).toEqual({ 'noodlebox-test/none:1': false });
    await expect(bringUp(bed, definition)).rejects.toMatchObject({ code: 'image-unavailable' });
  });

  it('hints at a process that ends by itself', async () => {
    const spec = tinyService('db', 'while ! test -f /data/end; do sleep 0.1; done; exit 3', {
      mounts: [{ type: 'volume', source: 'data', target: '/data', readOnly: false }],
    });
    await bringUp(bed, tinyDefinition(stack, [spec]));
    const watching = new AbortController();
    const hints = bed.runtime.changes(stack, watching.signal)[Symbol.asyncIterator]();
    expect((await hints.next()).value).toEqual({ service: undefined });
    await bed.runtime.probe(stack, {
      ...spec,
      healthcheck: { test: ['CMD', 'touch', '/data/end'], interval: 1, timeout: 5_000, retries: 1, startPeriod: 0 },
    });
    expect((await hints.next()).value).toEqual({ service: 'db' });
    await expect.poll(() => bed.runtime.inspect(stack, 'db')).toMatchObject({ state: 'exited', exitCode: 3 });
    watching.abort();
    expect((await hints.next()).done).toBe(true);
  });

  it('adopts what docker compose made, whatever the container is called', async () => {
    const labels = {
      'com.docker.compose.project': stack,
      'com.docker.compose.service': 'db',
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
    };
    const body = { Image: tinyImage, Cmd: ['sleep', '1000'], Labels: labels, StopSignal: 'SIGKILL' };
    await bed.engine.run({ method: 'POST', path: '/containers/create', query: { name: `${stack}_by_hand` }, body, doing: 'create' });
    const spec = tinyService('db', 'unused');
    await bed.runtime.start(stack, spec, quietTask());
    expect(await bed.runtime.inspect(stack, 'db')).toMatchObject({
      service: 'db',
      name: `${stack}_by_hand`,
      state: 'running',
      specHash: undefined,
    });
    await bed.runtime.stop(stack, spec, quietTask());
    await bed.runtime.remove(stack, 'db');
    expect((await bed.runtime.observe(tinyDefinition(stack, []))).instances).toEqual([]);
  });

  it('measures the share of one core and the memory of what runs', async () => {
    await bringUp(
      bed,
      tinyDefinition(stack, [
        tinyService('busy', 'while true; do :; done'),
        tinyService('idle', 'sleep 1000'),
        tinyService('done', 'true'),
      ]),
    );
    await gone('done');
    for await (const samples of bed.runtime.stats(stack, AbortSignal.timeout(60_000))) {
      const of = (name: string) => samples.find(({ service }) => service === name);
      expect(of('busy')?.cpu).toBeGreaterThan(0.1);
      expect(of('busy')?.cpu).toBeLessThan(1.3);
      expect(of('idle')?.cpu).toBeLessThan(0.1);
      expect(of('busy')?.memory).toBeGreaterThan(10_000);
      expect(of('done')).toBeUndefined();
      return;
    }
    expect.unreachable('no samples came');
  });

  describe('logs', () => {
    beforeAll(() => bed.runtime.info());

    it('come whole, in order, with time, stream and level', async () => {
      // The engine reads the two streams at the same time: what must come last is said once the others have come.
      const script =
        'n=0; while [ $n -lt 20000 ]; do echo "line $n"; n=$((n+1)); done; while ! test -f /go; do sleep 0.1; done; echo "ERROR bad" >&2';
      const spec = tinyService('db', script, { labels: { 'io.noodlebox.kind': 'postgres' } });
      await bringUp(bed, tinyDefinition(stack, [spec]));
      expect(await readLog('db', { follow: true, until: 20_000 })).toHaveLength(20_000);
      const go = { test: ['CMD', 'touch', '/go'], interval: 1, timeout: 60_000, retries: 1, startPeriod: 0 };
      expect(await bed.runtime.probe(stack, { ...spec, healthcheck: go })).toEqual({ state: 'ready' });
      const lines = await readLog('db', { follow: true, until: 20_001 });
      expect(lines.slice(0, 20_000).map(({ text }) => text)).toEqual(Array.from({ length: 20_000 }, (_, n) => `line ${n}`));
      expect(lines.at(-1)).toMatchObject({ service: 'db', stream: 'stderr', level: 'error', text: 'ERROR bad' });
      expect(lines[0]).toMatchObject({ stream: 'stdout', level: 'info' });
      expect(Math.abs(Date.now() - (lines[0]?.time ?? 0))).toBeLessThan(120_000);
      expect(lines.every(({ time }, at) => at === 0 || time >= lines[at - 1]!.time)).toBe(true);
    });

    it('give the last ones, and those since a time', async () => {
      await bringUp(bed, tinyDefinition(stack, [tinyService('db', 'for n in 1 2 3 4 5; do echo $n; sleep 0.05; done')]));
      await gone('db');
      const all = await readLog('db', { follow: false });
      expect(all.map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5']);
      expect((await readLog('db', { follow: false, tail: 2 })).map(({ text }) => text)).toEqual(['4', '5']);
      expect((await readLog('db', { follow: false, since: all[3]!.time })).map(({ text }) => text)).toEqual(['4', '5']);
    });

    it('put long lines together that the engine split, and cut the longest', async () => {
      await bringUp(
        bed,
        tinyDefinition(stack, [
          tinyService(
            'db',
            `yes 0123456789 | head -n 4000 | while read -r t; do echo -n "$t"; done; echo; echo next; yes 0123456789 | head -n 10000 | while read -r t; do echo -n "$t"; done; echo; echo last`,
          ),
        ]),
      );
      await gone('db');
      const lines = await readLog('db', { follow: false });
      expect(lines[0]?.text).toBe('0123456789'.repeat(4_000));
      expect(lines[1]?.text).toBe('next');
      expect(lines[2]?.text).toBe(`${'0123456789'.repeat(6_554).slice(0, 65_536)} … [34464 bytes cut]`);
      expect(lines[3]?.text).toBe('last');
    });

    it('are followed through a restart, without a line twice, until the container is gone', async () => {
      const spec = tinyService('db', 'echo up; sleep 1000', { stopSignal: 'SIGKILL' });
      await bringUp(bed, tinyDefinition(stack, [spec]));
      const seen: string[] = [];
      const following = (async () => {
        for await (const batch of bed.runtime.logs(stack, 'db', { follow: true, signal: AbortSignal.timeout(200_000) })) {
          seen.push(...batch.map(({ text }) => text));
        }
      })();
      await expect.poll(() => seen.length, { timeout: 60_000 }).toBe(1);
      await bed.runtime.stop(stack, spec, quietTask());
      await bed.runtime.start(stack, spec, quietTask());
      await expect.poll(() => seen.length, { timeout: 60_000 }).toBe(2);
      await bed.runtime.stop(stack, spec, quietTask());
      await bed.runtime.remove(stack, 'db');
      await following;
      expect(seen).toEqual(['up', 'up']);
    });

    it('of a container with a terminal come as lines too', async () => {
      const labels = { 'com.docker.compose.project': stack, 'com.docker.compose.service': 'db' };
      const body = { Image: tinyImage, Cmd: ['sh', '-c', 'echo one; echo two'], Labels: labels, Tty: true };
      await bed.engine.run({ method: 'POST', path: '/containers/create', query: { name: `${stack}-db-1` }, body, doing: 'create' });
      await bed.runtime.start(stack, tinyService('db', 'unused'), quietTask());
      await gone('db');
      const lines = await readLog('db', { follow: false });
      expect(lines.map(({ text }) => text)).toEqual(['one', 'two']);
      expect(Math.abs(Date.now() - lines[0]!.time)).toBeLessThan(120_000);
    });

    it('of nothing are empty', async () => {
      expect(await readLog('db', { follow: true })).toEqual([]);
    });
  });
});

async function readLog(
  service: string,
  { until = Number.POSITIVE_INFINITY, ...options }: { follow: boolean; tail?: number; since?: number; until?: number },
) {
  const lines = [];
  for await (const batch of bed.runtime.logs(stack, service, { ...options, signal: AbortSignal.timeout(60_000) })) {
    lines.push(...batch);
    if (lines.length >= until) break;
  }
  return lines;
}

async function gone(service: string): Promise<void> {
  await expect.poll(async () => (await bed.runtime.inspect(stack, service))?.state, { timeout: 30_000 }).toBe('exited');
}

function published(target: number, port: number): PortSpec {
  return { target, published: port, hostIp: '127.0.0.1', protocol: 'tcp' };
}
