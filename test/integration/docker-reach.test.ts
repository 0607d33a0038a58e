/** How an engine is found and reached: the real engine, behind a TLS proxy, behind ssh, and gone. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDocker } from '../../main/runtime/docker/docker.ts';
import { type Bed, bringUp, clearAway, makeBed, newStackName, quietTask, tinyDefinition, tinyService } from '../lab/docker-bed.ts';

const found = await makeBed();
const missing = typeof found === 'string' ? found : undefined;
const bed = found as Bed;
const node = process.execPath;

afterAll(async () => {
  if (!missing) await bed.close();
});

describe.skipIf(missing)(`reaching an engine${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let env: Record<string, string>;
  let servers: { server: Server; sockets: Set<Socket> }[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'noodlebox-reach-'));
    env = { HOME: folder, PATH: process.env.PATH ?? '' };
    servers = [];
  });

  afterEach(async () => {
    await Promise.all(servers.map(shut));
    await rm(folder, { recursive: true, force: true });
  });

  it('tells where it was found and by what', async () => {
    const runtime = await openDocker({ env: { ...env, DOCKER_HOST: `unix://${bed.socket}` } });
    expect(await runtime.info()).toMatchObject({
      kind: 'docker',
      title: expect.stringMatching(/^(Docker|Podman) \d+\.\d+$/),
      endpoint: `unix://${bed.socket} (DOCKER_HOST)`,
      remote: false,
    });
    await runtime.close();
  });

  it('lists all that was tried, and why it failed, when no engine answers', async () => {
    await context('gone', { Host: `unix://${folder}/gone.sock` }, true);
    const opening = openDocker({ env: { ...env, DOCKER_HOST: `unix://${folder}/none.sock` } });
    await expect(opening).rejects.toMatchObject({
      code: 'no-engine',
      problem: { why: expect.stringMatching(/DOCKER_HOST \(unix:\/\/.*none\.sock\): .*ENOENT/) },
    });
    await expect(openDocker({ env: { ...env, DOCKER_CONTEXT: 'typo' } })).rejects.toMatchObject({
      code: 'no-engine',
      problem: { what: 'There is no docker context "typo" with an engine.' },
    });
  });

  it('speaks TLS with the files of a docker context', async () => {
    const { port } = await tlsProxy();
    await context('far', { Host: `tcp://127.0.0.1:${port}` }, true);
    const hash = createHash('sha256').update('far').digest('hex');
    await mkdir(join(folder, '.docker', 'contexts', 'tls', hash, 'docker'), { recursive: true });
    for (const file of ['ca', 'cert', 'key']) {
      await writeFile(
        join(folder, '.docker', 'contexts', 'tls', hash, 'docker', `${file}.pem`),
        await readFile(join(folder, `${file}.pem`)),
        { mode: 0o600 },
      );
    }
    const runtime = await openDocker({ env });
    expect((await runtime.info()).endpoint).toBe(`tcp://127.0.0.1:${port} (docker context "far")`);
    await aStackRunsOn(runtime);
  });

  it('speaks TLS by DOCKER_TLS_VERIFY, and refuses a server whose certificate nobody vouches for', async () => {
    const { port } = await tlsProxy();
    const host = { ...env, DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1' };
    const runtime = await openDocker({ env: { ...host, DOCKER_CERT_PATH: folder } });
    expect(await runtime.stacks()).toBeInstanceOf(Array);
    await runtime.close();
    await expect(openDocker({ env: host })).rejects.toMatchObject({
      code: 'no-engine',
      problem: { why: expect.stringMatching(/self.signed|certificate/) },
    });
  });

  it('goes through ssh as docker does (a stand-in for ssh, which pipes to the socket)', async () => {
    await fakeSsh(`const s = net.connect(${JSON.stringify(bed.socket)}); process.stdin.pipe(s).pipe(process.stdout);`);
    const runtime = await openDocker({ env: { ...env, DOCKER_HOST: 'ssh://me@far.example:2222' } });
    expect(await runtime.info()).toMatchObject({ endpoint: 'ssh://me@far.example:2222 (DOCKER_HOST)', remote: true });
    expect(JSON.parse(await readFile(join(folder, 'arguments.json'), 'utf8'))).toEqual([
      '-o',
      'ConnectTimeout=30',
      '-o',
      'BatchMode=yes',
      '-T',
      '-l',
      'me',
      '-p',
      '2222',
      '--',
      'far.example',
      'docker',
      'system',
      'dial-stdio',
    ]);
    await aStackRunsOn(runtime);
  });

  it('says what ssh said when it fails', async () => {
    await fakeSsh(`console.error('me@far.example: Permission denied (publickey).'); process.exit(255);`);
    const opening = openDocker({ env: { ...env, DOCKER_HOST: 'ssh://me@far.example' } });
    await expect(opening).rejects.toMatchObject({
      code: 'no-engine',
      problem: { why: expect.stringContaining('Permission denied (publickey)') },
    });
  });

  it('hints when the engine is lost and when it is back, and fails only what was asked of it meanwhile', async () => {
    const stack = newStackName();
    const path = join(folder, 'engine.sock');
    let proxy = await proxyAt(path);
    const runtime = await openDocker({ host: `unix://${path}`, env });
    const watching = new AbortController();
    const hints = runtime.changes(stack, watching.signal)[Symbol.asyncIterator]();
    await hints.next();
    await shut(proxy);
    expect((await hints.next()).value).toEqual({ service: undefined });
    await expect(runtime.stacks()).rejects.toMatchObject({ code: 'engine-lost' });
    proxy = await proxyAt(path);
    expect((await hints.next()).value).toEqual({ service: undefined });
    expect(await runtime.inspect(stack, 'db')).toBeUndefined();
    watching.abort();
    await runtime.close();
  });

  it('ends a followed log with engine-lost when the engine dies', async () => {
    const stack = newStackName();
    const path = join(folder, 'engine.sock');
    const proxy = await proxyAt(path);
    const runtime = await openDocker({ host: `unix://${path}`, env });
    try {
      await bringUp(bed, tinyDefinition(stack, [tinyService('db', 'echo up; sleep 1000', { stopSignal: 'SIGKILL' })]));
      const log = runtime.logs(stack, 'db', { follow: true, signal: AbortSignal.timeout(30_000) })[Symbol.asyncIterator]();
      expect((await log.next()).value).toHaveLength(1);
      const next = log.next();
      await Promise.all([expect(next).rejects.toMatchObject({ code: 'engine-lost' }), shut(proxy)]);
    } finally {
      await runtime.close();
      await clearAway(bed, stack);
    }
  });

  it('cancels a stop that takes long at once', async () => {
    const stack = newStackName();
    const spec = tinyService('db', 'trap "" TERM; sleep 1000', { stopGrace: 60_000 });
    try {
      await bringUp(bed, tinyDefinition(stack, [spec]));
      const cancelling = new AbortController();
      const stopping = bed.runtime.stop(stack, spec, { signal: cancelling.signal, progress: () => undefined });
      setTimeout(() => cancelling.abort(), 200);
      await expect(stopping).rejects.toMatchObject({ code: 'cancelled' });
    } finally {
      await clearAway(bed, stack);
    }
  });

  async function aStackRunsOn(runtime: Awaited<ReturnType<typeof openDocker>>): Promise<void> {
    const stack = newStackName();
    const config = { target: '/etc/greeting', content: 'from afar\n', mode: 0o444, uid: 0, gid: 0 };
    const spec = tinyService('db', 'cat /etc/greeting; sleep 1000', {
      configs: [config],
      stopSignal: 'SIGKILL',
      healthcheck: { test: ['CMD', 'true'], interval: 60_000, timeout: 5_000, retries: 1, startPeriod: 0 },
    });
    try {
      await bringUp({ ...bed, runtime }, tinyDefinition(stack, [spec]));
      expect(await runtime.probe(stack, spec)).toEqual({ state: 'ready' });
      const log = runtime.logs(stack, 'db', { follow: true, signal: AbortSignal.timeout(30_000) })[Symbol.asyncIterator]();
      expect((await log.next()).value).toMatchObject([{ text: 'from afar' }]);
      await log.return?.();
      await runtime.stop(stack, spec, quietTask());
      expect((await runtime.inspect(stack, 'db'))?.state).toBe('exited');
    } finally {
      await runtime.close();
      await clearAway(bed, stack);
    }
  }

  async function context(name: string, docker: { Host: string }, current: boolean): Promise<void> {
    const meta = join(folder, '.docker', 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
    await mkdir(meta, { recursive: true });
    await writeFile(join(meta, 'meta.json'), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } }));
    if (current) await writeFile(join(folder, '.docker', 'config.json'), JSON.stringify({ currentContext: name }));
  }

  async function fakeSsh(body: string): Promise<void> {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    const script = `#!${node}\nconst net = require('node:net');\nrequire('node:fs').writeFileSync(${JSON.stringify(join(folder, 'arguments.json'))}, JSON.stringify(process.argv.slice(2)));\n${body}\n`;
    await writeFile(join(bin, 'ssh'), script);
    await chmod(join(bin, 'ssh'), 0o755);
    env.PATH = `${bin}:${env.PATH}`;
  }

  /** A certificate of its own authority, for 127.0.0.1, asked of the client too. */
  async function tlsProxy(): Promise<{ port: number }> {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=127.0.0.1',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-keyout',
        'key.pem',
        '-out',
        'cert.pem',
      ],
      { cwd: folder, stdio: 'ignore' },
    );
    const [cert, key] = await Promise.all(['cert.pem', 'key.pem'].map((file) => readFile(join(folder, file))));
    await writeFile(join(folder, 'ca.pem'), cert!);
    const server = createTlsServer({ cert, key, ca: cert, requestCert: true, rejectUnauthorized: true }, pipeToEngine);
    await listening(server, { port: 0, host: '127.0.0.1' });
    return { port: (server.address() as AddressInfo).port };
  }

  async function proxyAt(path: string) {
    return listening(createServer(pipeToEngine), { path });
  }

  async function listening(server: Server, where: { path: string } | { port: number; host: string }) {
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(where, resolve));
    servers.push({ server, sockets });
    return { server, sockets };
  }

  function pipeToEngine(socket: Socket): void {
    const engine = connect(bed.socket);
    for (const [from, to] of [
      [socket, engine],
      [engine, socket],
    ] as const) {
      from.on('error', () => to.destroy());
      from.once('close', () => to.destroy());
      from.pipe(to);
    }
  }

  async function shut({ server, sockets }: { server: Server; sockets: Set<Socket> }): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  }
});
