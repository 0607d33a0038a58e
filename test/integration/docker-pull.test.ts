/** Pulls from a registry of our own on loopback, by the real engine. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDocker } from '../../main/runtime/docker/docker.ts';
import type { LayersProgress } from '../../main/runtime/docker/images/progress.ts';
import { type Bed, makeBed, quietTask, tinyDefinition, tinyService } from '../lab/docker-bed.ts';
import { type FakeRegistry, type RegistryOptions, startRegistry } from '../lab/fake-registry.ts';

const found = await makeBed();
const missing = typeof found === 'string' ? found : undefined;
const bed = found as Bed;

afterAll(async () => {
  if (!missing) await bed.close();
});

describe.skipIf(missing)(`pulling images${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let registry: FakeRegistry;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'noodlebox-pull-'));
  });

  afterEach(async () => {
    await bed.engine.run({ method: 'DELETE', path: `/images/${registry.host}/tiny:1`, doing: 'clear away' }).catch(() => undefined);
    await registry.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('tells the bytes of each layer as they come, and ends with the image there', async () => {
    await serve({ delay: 20 });
    const told: LayersProgress[] = [];
    await bed.runtime.provide(image(), { ...quietTask(), progress: (progress) => progress.kind === 'layers' && told.push(progress) });
    const last = told.at(-1);
    expect(last?.layers).toMatchObject([{ status: 'Pull complete' }]);
    expect(last?.total).toBeGreaterThan(1_000_000);
    expect(last?.current).toBe(last?.total);
    expect(told.some(({ current, total }) => current > 0 && current < total)).toBe(true);
    const definition = tinyDefinition('unused', [image()]);
    expect((await bed.runtime.observe(definition)).provided).toEqual({ [image().image]: true });
  });

  it('shows a private registry the password that docker login wrote', async () => {
    await serve({ login: 'noodle:pass:word' });
    await expect(bed.runtime.provide(image(), quietTask())).rejects.toMatchObject({
      code: 'image-unavailable',
      problem: { command: `docker login ${registry.host}` },
    });
    await configure({ auths: { [registry.host]: { auth: Buffer.from('noodle:pass:word').toString('base64') } } });
    await pullWithConfig();
  });

  it('asks the credential helper that docker would ask', async () => {
    await serve({ login: 'noodle:from the helper' });
    const helper = `#!/bin/sh\nread -r server\n[ "$1 $server" = "get ${registry.host}" ] && echo '{"Username":"noodle","Secret":"from the helper"}'\n`;
    await writeFile(join(folder, 'docker-credential-test'), helper);
    await chmod(join(folder, 'docker-credential-test'), 0o755);
    await configure({ credHelpers: { [registry.host]: 'test' } });
    await pullWithConfig();
  });

  it('says that there is no such image at a registry that answers', async () => {
    await serve({});
    const pulling = bed.runtime.provide({ ...image(), image: `${registry.host}/tiny:2` }, quietTask());
    await expect(pulling).rejects.toMatchObject({
      code: 'image-unavailable',
      problem: { what: `There is no image ${registry.host}/tiny:2 at the registry ${registry.host}.` },
    });
  });

  it('says that the registry cannot be reached when nobody listens there', async () => {
    await serve({});
    await registry.close();
    const pulling = bed.runtime.provide(image(), quietTask());
    await expect(pulling).rejects.toMatchObject({
      code: 'image-unavailable',
      problem: { what: expect.stringContaining(`The registry ${registry.host} can't be reached`) },
    });
    await serve({});
  });

  it('takes an error in the middle of the stream for an error', async () => {
    await serve({ corrupt: true });
    await expect(bed.runtime.provide(image(), quietTask())).rejects.toMatchObject({ code: 'image-unavailable' });
  });

  it('stops when it is cancelled', async () => {
    await serve({ delay: 300 });
    const cancelling = new AbortController();
    const pulling = bed.runtime.provide(image(), {
      signal: cancelling.signal,
      progress: ({ current }) => current > 0 && cancelling.abort(),
    });
    await expect(pulling).rejects.toThrow();
    expect((await bed.runtime.observe(tinyDefinition('unused', [image()]))).provided).toEqual({ [image().image]: false });
  });

  function image() {
    return tinyService('db', 'true', { image: `${registry.host}/tiny:1` });
  }

  /** Bytes that no engine has seen before, so that the layer is really pulled. */
  async function serve(options: Omit<RegistryOptions, 'layer'>): Promise<void> {
    const archive = pack();
    archive.entry({ name: 'noise' }, randomBytes(1_500_000));
    archive.finalize();
    const parts: Buffer[] = [];
    for await (const part of archive) parts.push(part as Buffer);
    registry = await startRegistry({ layer: Buffer.concat(parts), ...options });
  }

  async function configure(config: object): Promise<void> {
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  }

  async function pullWithConfig(): Promise<void> {
    const runtime = await openDocker({
      host: `unix://${bed.socket}`,
      env: { PATH: `${folder}:${process.env.PATH}`, DOCKER_CONFIG: folder },
    });
    try {
      await runtime.provide(image(), quietTask());
    } finally {
      await runtime.close();
    }
  }
});
