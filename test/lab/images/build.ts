/** Builds the lab's images where they are missing or their recipe changed. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serversFolder } from '../../../main/home/paths.ts';
import type { FoundServer } from '../../../main/runtime/native/server.ts';
import { ferretdb } from '../../../main/services/mongodb/ferretdb.ts';
import { serviceKinds } from '../../../main/services/registry.ts';
import { type ServiceKindName, serviceKindNames } from '../../../preload/contract/kinds.ts';
import { labCache } from '../cache.ts';
import { output, run } from '../commands.ts';
import { exists } from '../compose-peer.ts';
import { bootstrap, release } from '../debian.ts';

/** Major versions as in compose.yaml; the tag is what tests and benches set the image variables to. */
export const labImages: Readonly<Record<ServiceKindName, string>> = {
  postgres: 'noodlebox-lab/postgres:17',
  redis: 'noodlebox-lab/redis:8',
  pulsar: 'noodlebox-lab/pulsar:4.0.7',
  mongodb: 'noodlebox-lab/mongo:8',
  influxdb: 'noodlebox-lab/influxdb:2.7',
};

/** The variables that make compose.yaml run the lab's images. */
export const labImageVariables: Readonly<Record<string, string>> = Object.fromEntries(
  serviceKindNames.map((kind) => [`NOODLEBOX_${kind.toUpperCase()}_IMAGE`, labImages[kind]]),
);

const packages = ['bash', 'ca-certificates', 'curl', 'openjdk-21-jre-headless', 'postgresql-17', 'procps', 'redis-server', 'redis-tools'];
const recipeLabel = 'noodlebox-lab.recipe';
const here = fileURLToPath(new URL('.', import.meta.url));

/** Whether all images are there, whatever their recipe. */
export async function haveImages(env: NodeJS.ProcessEnv): Promise<boolean> {
  const found = await Promise.all(Object.values(labImages).map((image) => imageId(image, env)));
  return found.every(Boolean);
}

/** @param env with DOCKER_HOST where the engine is not at its usual place */
export async function buildImages(env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<void> {
  const base = await buildBase(env, tell);
  await Promise.all(serviceKindNames.map((kind) => buildImage(kind, base, env, tell)));
  await removeOtherBases(base, env);
}

/** Bases of earlier recipes; one that an image or a container still stands on stays. */
async function removeOtherBases(base: string, env: NodeJS.ProcessEnv): Promise<void> {
  const listed = await output(
    'docker',
    ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', '--filter', 'reference=noodlebox-lab/base'],
    env,
  );
  const others = listed.split('\n').filter((image) => image && image !== base);
  for (const image of others) await output('docker', ['image', 'rm', image], env).catch(() => '');
}

/** Debian with every server's Debian packages: one layer that all images share. */
async function buildBase(env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<string> {
  const image = `noodlebox-lab/base:${hash([release, ...packages]).slice(0, 12)}`;
  if (await imageId(image, env)) return image;
  tell(`making ${image} from Debian ${release}`);
  await mkdir(labCache(env), { recursive: true });
  const folder = await mkdtemp(join(labCache(env), 'base-'));
  try {
    const root = join(folder, 'root');
    await bootstrap(packages, root, env);
    const useless = ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man', 'usr/share/locale'];
    await Promise.all(useless.map((part) => rm(join(root, part), { recursive: true, force: true })));
    await importFolder(root, image, env);
    return image;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Empty when the engine has no such image. */
async function imageId(image: string, env: NodeJS.ProcessEnv): Promise<string> {
  return (await output('docker', ['image', 'inspect', '-f', '{{.Id}}', image], env).catch(() => '')).trim();
}

async function importFolder(folder: string, image: string, env: NodeJS.ProcessEnv): Promise<void> {
  const tar = spawn('tar', ['-C', folder, '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const docker = spawn('docker', ['import', '-', image], { env, stdio: [tar.stdout, 'ignore', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => docker.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`docker import ended with ${code}`);
}

async function buildImage(kind: ServiceKindName, base: string, env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<void> {
  const image = labImages[kind];
  const server = await provisioned(kind, env, tell);
  const recipe = hash([base, server?.version ?? '', ...(await filesOf(kind))]);
  const before = await imageId(image, env);
  const built = before && (await output('docker', ['image', 'inspect', '-f', `{{index .Config.Labels "${recipeLabel}"}}`, image], env));
  if (built.trim() === recipe) return;
  tell(`building ${image}`);
  const context = await mkdtemp(join(labCache(env), `${kind}-`));
  try {
    await cp(join(here, kind), context, { recursive: true });
    if (server) await addPrograms(kind, server.path, context, env);
    // The classic builder: it needs no registry and no plugin.
    const args = ['build', '-q', '--build-arg', `BASE=${base}`, '--label', `${recipeLabel}=${recipe}`, '-t', image, context];
    await run('docker', args, { ...env, DOCKER_BUILDKIT: '0' });
    // What the tag named before; kept where a container still runs on it.
    if (before) await output('docker', ['image', 'rm', before], env).catch(() => '');
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** A server that Debian does not have: as the native runtime runs it, installed where it is missing. */
async function provisioned(kind: ServiceKindName, env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<FoundServer | undefined> {
  if (kind === 'postgres' || kind === 'redis') return undefined;
  const places = { servers: serversFolder(env), env };
  // Never the mongod that this machine may have: the image's scripts are FerretDB's.
  const server = kind === 'mongodb' ? ferretdb : await serviceKinds[kind].native();
  const there = await server.find(places);
  if (there) return there;
  const installation = await server.installation(places);
  tell(`installing ${installation.program}`);
  await installation.install({ signal: new AbortController().signal, progress: () => {} });
  const found = await server.find(places);
  if (!found) throw new Error(`${installation.program} could not be installed`);
  return found;
}

async function addPrograms(kind: ServiceKindName, path: string, context: string, env: NodeJS.ProcessEnv): Promise<void> {
  if (kind === 'pulsar') await cp(join(path, 'lib'), join(context, 'lib'), { recursive: true, dereference: true });
  if (kind === 'mongodb') await cp(path, join(context, 'ferretdb'), { dereference: true });
  if (kind === 'influxdb') {
    await cp(path, join(context, 'influxd'), { dereference: true });
    await cp(await influxCli(env), join(context, 'influx'));
  }
}

/** The `influx` command of the official image, from its Go module. */
export async function influxCli(env: NodeJS.ProcessEnv): Promise<string> {
  const path = join(labCache(env), 'influx-2.7.1');
  const version = 'v2.2.1-0.20221028161653-3285a03e9e28';
  if (await exists(path)) return path;
  const folder = await mkdtemp(join(labCache(env), 'influx-cli-'));
  try {
    const found = JSON.parse(await output('go', ['mod', 'download', '-json', `github.com/influxdata/influx-cli/v2@${version}`], env)) as {
      Dir: string;
    };
    await run(
      'go',
      ['build', '-o', join(folder, 'influx'), './cmd/influx'],
      { ...env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
      found.Dir,
    );
    await rename(join(folder, 'influx'), path);
    return path;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Name and content of every file of an image's folder. */
async function filesOf(kind: ServiceKindName): Promise<string[]> {
  const folder = join(here, kind);
  const files = (await readdir(folder)).sort();
  return Promise.all(files.map(async (file) => `${file}\n${await readFile(join(folder, file), 'utf8')}`));
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
