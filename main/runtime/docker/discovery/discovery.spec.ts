import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sshArguments } from '../engine/ssh.ts';
import { discover } from './discover.ts';
import { type Endpoint, formatEndpoint, isRemote, parseEndpoint } from './endpoint.ts';
import { knownSockets } from './sockets.ts';

describe('the address of an engine', () => {
  it.each<[string, Endpoint, boolean]>([
    ['unix:///var/run/docker.sock', { transport: 'socket', path: '/var/run/docker.sock' }, false],
    ['npipe:////./pipe/docker_engine', { transport: 'socket', path: '//./pipe/docker_engine' }, false],
    ['tcp://far:2375', { transport: 'tcp', host: 'far', port: 2375, tls: undefined }, true],
    ['tcp://127.0.0.1:80', { transport: 'tcp', host: '127.0.0.1', port: 80, tls: undefined }, false],
    ['tcp://[::1]:2375', { transport: 'tcp', host: '::1', port: 2375, tls: undefined }, false],
    ['ssh://far', { transport: 'ssh', host: 'far', user: undefined, port: undefined, socket: undefined }, true],
    ['ssh://me@far:2222/run/podman.sock', { transport: 'ssh', host: 'far', user: 'me', port: 2222, socket: '/run/podman.sock' }, true],
  ])('%s', (address, endpoint, remote) => {
    expect(parseEndpoint(address, undefined)).toEqual(endpoint);
    expect(formatEndpoint(endpoint)).toBe(address);
    expect(isRemote(endpoint)).toBe(remote);
  });

  it('may leave out scheme and port', () => {
    expect(parseEndpoint('far:2375', undefined)).toMatchObject({ transport: 'tcp', host: 'far', port: 2375 });
    expect(parseEndpoint('tcp://far', undefined)).toMatchObject({ port: 2375 });
    expect(parseEndpoint('https://far', undefined)).toMatchObject({ port: 2376, tls: { verify: true } });
  });

  it.each(['ftp://far', 'tcp://', 'ssh://'])('%s is refused', (address) => {
    expect(() => parseEndpoint(address, undefined)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });

  it('is refused with a password in it, which the error does not repeat', () => {
    expect(() => parseEndpoint('ssh://me:hunter2@far', undefined)).toThrow(
      expect.objectContaining({ code: 'bad-argument', message: expect.not.stringContaining('hunter2') }),
    );
  });

  it('never becomes an option of ssh', () => {
    const endpoint = parseEndpoint('ssh://-oProxyCommand=x@far', undefined);
    if (endpoint.transport !== 'ssh') throw new Error('not ssh');
    expect(sshArguments(endpoint).slice(-5)).toEqual(['--', 'far', 'docker', 'system', 'dial-stdio']);
  });
});

describe('known sockets', () => {
  it('are those of the platform', () => {
    const linux = knownSockets({ platform: 'linux', home: '/home/me', uid: 1000, env: {} }).map(({ path }) => path);
    expect(linux[0]).toBe('/var/run/docker.sock');
    expect(linux).toContain('/run/user/1000/docker.sock');
    expect(linux).toContain('/run/user/1000/podman/podman.sock');
    expect(linux).toContain('/home/me/.rd/docker.sock');
    expect(
      knownSockets({ platform: 'linux', home: '/home/me', uid: 1000, env: { XDG_RUNTIME_DIR: '/tmp/run' } }).map(({ path }) => path),
    ).toContain('/tmp/run/docker.sock');
    const mac = knownSockets({ platform: 'darwin', home: '/Users/me', uid: 501, env: {} }).map(({ path }) => path);
    expect(mac).toContain('/Users/me/.docker/run/docker.sock');
    expect(mac).toContain('/Users/me/.colima/default/docker.sock');
    expect(mac).toContain('/Users/me/.orbstack/run/docker.sock');
    expect(knownSockets({ platform: 'win32', home: 'C:\\Users\\me', uid: undefined, env: {} })[0]?.path).toBe('//./pipe/docker_engine');
  });
});

describe('discovery', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'noodlebox-discovery-'));
    await context('work', 'tcp://work:2375');
    await context('spare', 'ssh://spare');
    await writeFile(join(home, '.docker', 'config.json'), JSON.stringify({ currentContext: 'work' }));
  });

  afterEach(() => rm(home, { recursive: true, force: true }));

  it.each([
    ['the setting goes before all', 'tcp://set:1', { DOCKER_HOST: 'tcp://env:1', DOCKER_CONTEXT: 'spare' }, 'setting', 'tcp://set:1'],
    ['DOCKER_HOST goes before contexts', undefined, { DOCKER_HOST: 'tcp://env:1', DOCKER_CONTEXT: 'spare' }, 'DOCKER_HOST', 'tcp://env:1'],
    ['DOCKER_CONTEXT goes before the current context', undefined, { DOCKER_CONTEXT: 'spare' }, 'docker context "spare"', 'ssh://spare'],
    ['the current context goes before sockets', undefined, {}, 'docker context "work"', 'tcp://work:2375'],
    [
      'DOCKER_CONTEXT=default means the sockets',
      undefined,
      { DOCKER_CONTEXT: 'default' },
      'socket of Docker',
      'unix:///var/run/docker.sock',
    ],
    ['no settings of docker mean the sockets', undefined, { DOCKER_CONFIG: '/nowhere' }, 'socket of Docker', 'unix:///var/run/docker.sock'],
  ])('%s', async (_name, host, env, strategy, address) => {
    const { candidate } = await find(host, env, () => true);
    expect(candidate).toMatchObject({ strategy, address });
  });

  it('goes on from a current context that does not answer, but not from what was asked for by name', async () => {
    const { candidate } = await find(undefined, {}, (address) => address.endsWith('.rd/docker.sock'));
    expect(candidate.strategy).toBe('socket of Rancher Desktop');
    await expect(find(undefined, { DOCKER_HOST: 'tcp://env:1' }, (address) => address.startsWith('unix'))).rejects.toMatchObject({
      code: 'no-engine',
    });
  });

  it('takes the TLS files of a context, and those of DOCKER_CERT_PATH', async () => {
    const files = join(home, '.docker', 'contexts', 'tls', hash('work'), 'docker');
    await mkdir(files, { recursive: true });
    await writeFile(join(files, 'ca.pem'), 'CA');
    expect((await find(undefined, {}, () => true)).candidate.endpoint).toMatchObject({
      tls: { ca: Buffer.from('CA'), cert: undefined, verify: true },
    });
    const env = { DOCKER_HOST: 'tcp://env', DOCKER_CERT_PATH: files };
    expect((await find(undefined, { ...env, DOCKER_TLS_VERIFY: '1' }, () => true)).candidate.endpoint).toMatchObject({
      port: 2376,
      tls: { ca: Buffer.from('CA'), verify: true },
    });
    expect((await find(undefined, { ...env, DOCKER_TLS: '1' }, () => true)).candidate.endpoint).toMatchObject({ tls: { verify: false } });
    expect((await find(undefined, env, () => true)).candidate.endpoint).toMatchObject({ port: 2375, tls: undefined });
  });

  it('names all it tried, with the reason each time', async () => {
    await writeFile(join(home, '.docker', 'config.json'), JSON.stringify({ currentContext: 'lost' }));
    const failing = find(undefined, {}, () => false);
    await expect(failing).rejects.toMatchObject({ code: 'no-engine', exitCode: 3 });
    await expect(failing).rejects.toMatchObject({
      problem: {
        why: expect.stringMatching(
          /There is no docker context "lost".*socket of Docker \(unix:\/\/\/var\/run\/docker\.sock\): silence; .*Podman/,
        ),
      },
    });
  });

  it('says so when a file of docker is broken', async () => {
    await writeFile(join(home, '.docker', 'config.json'), '{');
    await expect(find(undefined, {}, () => false)).rejects.toMatchObject({
      problem: { why: expect.stringContaining("docker's current context") },
    });
  });

  function find(host: string | undefined, env: Record<string, string>, answers: (address: string) => boolean) {
    const all = { HOME: home, ...env };
    return discover({ host, env: all, places: { platform: 'linux', home, uid: 1000, env: all } }, async ({ address }) => {
      if (!answers(address)) throw new Error('silence');
    });
  }

  async function context(name: string, host: string): Promise<void> {
    const meta = join(home, '.docker', 'contexts', 'meta', hash(name));
    await mkdir(meta, { recursive: true });
    await writeFile(join(meta, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
  }

  function hash(name: string): string {
    return createHash('sha256').update(name).digest('hex');
  }
});
