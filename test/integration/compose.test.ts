import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDefinition } from '../../main/stack/definition/definition.ts';
import { serviceKindNames } from '../../preload/contract/kinds.ts';
import { output } from '../lab/commands.ts';
import { composePeerPath, exists } from '../lab/compose-peer.ts';
import { haveImages, labImageVariables } from '../lab/images/build.ts';
import { freePorts } from '../lab/servers.ts';

const lacks = await lacking();
const test = (name: string, act: () => Promise<void>) => it.skipIf(lacks)(lacks ? `${name} (skipped: ${lacks})` : name, act);

/** Why plain compose cannot run the stack here; undefined when it can. */
async function lacking(): Promise<string | undefined> {
  const engine = await output('docker', ['info', '-f', '{{.ServerVersion}}'], process.env).catch(() => '');
  if (!engine.trim()) return 'no container engine answers';
  if (!(await haveImages(process.env))) return 'the lab images are not built (node test/lab/lab.ts images)';
  return (await exists(composePeerPath(process.env))) ? undefined : 'there is no docker compose (node test/lab/lab.ts compose-peer)';
}

describe('compose.yaml with plain docker compose and the sample .env', () => {
  const name = `test-compose-${process.pid}`;
  let folder: string;

  beforeAll(async () => {
    if (lacks) return;
    folder = await mkdtemp(join(tmpdir(), 'noodlebox-compose-'));
    await cp(fileURLToPath(new URL('../../compose', import.meta.url)), folder, { recursive: true });
    const sample = await readFile(join(folder, '.env.example'), 'utf8');
    const variables = ['NOODLEBOX_PULSAR_HTTP_PORT', ...serviceKindNames.map((kind) => `NOODLEBOX_${kind.toUpperCase()}_PORT`)];
    const ports = await freePorts(variables.length);
    const here = {
      NOODLEBOX_STACK: name,
      ...labImageVariables,
      ...Object.fromEntries(variables.map((variable, at) => [variable, ports[at]])),
    };
    const lines = Object.entries(here).map(([variable, value]) => `${variable}=${value}`);
    await writeFile(join(folder, '.env'), `${sample}\n${lines.join('\n')}\n`);
  });

  afterAll(async () => {
    if (lacks) return;
    await compose('down', '-v', '--timeout', '20');
    await rm(folder, { recursive: true });
  });

  /** Nothing but the .env in the file's folder: no variable of this process is read. */
  const compose = (...args: string[]) => {
    const { PATH, HOME, DOCKER_HOST } = process.env;
    return output(composePeerPath(process.env), ['-f', join(folder, 'compose.yaml'), ...args], { PATH, HOME, DOCKER_HOST });
  };
  const left = async (...list: string[]) =>
    (await output('docker', [...list, '-q', '--filter', `label=com.docker.compose.project=${name}`], process.env)).trim();

  test('comes up healthy with no secret in a command line, closes cleanly, and leaves nothing after down -v', async () => {
    await compose('up', '-d', '--wait');
    const states = (await compose('ps', '--format', '{{.Service}} {{.Health}}')).trim().split('\n').sort();
    expect(states).toEqual(serviceKindNames.map((kind) => `${kind} healthy`).sort());

    const secrets = Object.entries(parseEnv(await readFile(join(folder, '.env'), 'utf8')))
      .filter(([variable]) => /(PASSWORD|TOKEN|KEY)$/.test(variable))
      .map(([, secret]) => secret!);
    const processes = await Promise.all(
      serviceKindNames.map((kind) => output('docker', ['top', `${name}-${kind}-1`, '-eo', 'pid,args'], process.env)),
    );
    expect(secrets.filter((secret) => processes.join('\n').includes(secret))).toEqual([]);

    await compose('stop');
    const ends = await Promise.all(
      serviceKindNames.map((kind) => output('docker', ['inspect', '-f', '{{.State.ExitCode}}', `${name}-${kind}-1`], process.env)),
    );
    // 143: a JVM that was asked to end
    expect(Object.fromEntries(serviceKindNames.map((kind, at) => [kind, Number(ends[at])]))).toEqual({
      postgres: 0,
      redis: 0,
      pulsar: 143,
      mongodb: 0,
      influxdb: 0,
    });
    await compose('down', '-v');
    expect(await Promise.all([left('ps', '-a'), left('volume', 'ls'), left('network', 'ls')])).toEqual(['', '', '']);
  });

  test('is the same stack to our own parser', async () => {
    const variables = parseEnv(await readFile(join(folder, '.env'), 'utf8')) as Record<string, string>;
    const ours = await readDefinition(join(folder, 'compose.yaml'), { variables });
    const theirs = JSON.parse(await compose('config', '--format', 'json')) as Composed;
    expect(ours.name).toBe(theirs.name);
    for (const [service, { image, environment, labels, ports, command, entrypoint, healthcheck }] of Object.entries(theirs.services)) {
      expect(ours.services[service]).toMatchObject({ image, environment, labels });
      expect(ours.services[service]!.command ?? null).toEqual(command);
      expect(ours.services[service]!.entrypoint ?? null).toEqual(entrypoint);
      // compose writes its own dollars doubled again
      expect(ours.services[service]!.healthcheck!.test).toEqual(healthcheck.test.map((part) => part.replaceAll('$$', '$')));
      expect(ours.services[service]!.ports).toEqual(
        ports.map(({ target, published, host_ip, protocol }) => ({ target, published: Number(published), hostIp: host_ip, protocol })),
      );
    }
    expect(names(ours.volumes)).toEqual(names(theirs.volumes));
  });

  test('starts a subset by its profile', async () => {
    const services = async (profiles: string) => {
      const { PATH, HOME } = process.env;
      const env = { PATH, HOME, COMPOSE_PROFILES: profiles };
      return (await output(composePeerPath(process.env), ['-f', join(folder, 'compose.yaml'), 'config', '--services'], env))
        .trim()
        .split('\n')
        .sort();
    };
    expect(await services('core')).toEqual(['postgres', 'redis']);
    expect(await services('events,documents')).toEqual(['mongodb', 'pulsar']);
    expect(await services('all')).toEqual([...serviceKindNames].sort());
  });
});

/** What volumes are called in the engine. */
function names(volumes: Composed['volumes']): string[] {
  return Object.values(volumes)
    .map(({ name }) => name)
    .sort();
}

interface Composed {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposedService>>;
  readonly volumes: Readonly<Record<string, { readonly name: string }>>;
}

interface ComposedService {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly command: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
  readonly ports: readonly { readonly target: number; readonly published: string; readonly host_ip: string; readonly protocol: string }[];
  readonly healthcheck: { readonly test: readonly string[] };
}
