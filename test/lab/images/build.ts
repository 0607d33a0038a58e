/** Builds the lab's images where they are missing or their recipe changed. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serversFolder } from '../../../main/home/paths.ts';
import { serviceKinds } from '../../../main/services/registry.ts';
import { type ServiceKindName, serviceKindNames } from '../../../preload/contract/kinds.ts';
import { labCache } from '../cache.ts';
import { output, run } from '../commands.ts';

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
  const found = await Promise.all(
    Object.values(labImages).map((image) => output('docker', ['image', 'inspect', '-f', '{{.Id}}', image], env).catch(() => '')),
  );
  return found.every(Boolean);
}

/** @param env with DOCKER_HOST where the engine is not at its usual place */
export async function buildImages(env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<void> {
  const base = await buildBase(env, tell);
  for (const kind of serviceKindNames) await buildImage(kind, base, env, tell);
}

/** Debian trixie with every server's Debian packages: one layer that all images share. */
async function buildBase(env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<string> {
  const image = `noodlebox-lab/base:${hash(packages).slice(0, 12)}`;
  if (await output('docker', ['image', 'inspect', '-f', '{{.Id}}', image], env).catch(() => '')) return image;
  tell(`making ${image} from Debian trixie`);
  await mkdir(labCache(env), { recursive: true });
  const folder = await mkdtemp(join(labCache(env), 'base-'));
  try {
    const sites = await output('apt-get', ['indextargets', '--format', '$(RELEASE) $(SITE)'], env);
    const site = /^bookworm (\S+)/m.exec(sites)?.[1] ?? /^\S+ (\S+)/m.exec(sites)?.[1];
    if (!site) throw new Error('apt names no mirror');
    const root = join(folder, 'root');
    await run('debootstrap', ['--variant=minbase', `--include=${packages.join(',')}`, 'trixie', root, site], env);
    await Promise.all(
      ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man', 'usr/share/locale'].map((part) =>
        rm(join(root, part), { recursive: true, force: true }),
      ),
    );
    await importFolder(root, image, env);
    return image;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function importFolder(folder: string, image: string, env: NodeJS.ProcessEnv): Promise<void> {
  const tar = spawn('tar', ['-C', folder, '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const docker = spawn('docker', ['import', '-', image], { env, stdio: [tar.stdout, 'ignore', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => docker.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`docker import ended with ${code}`);
}

async function buildImage(kind: ServiceKindName, base: string, env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<void> {
  const image = labImages[kind];
  const recipe = await recipeOf(kind, base);
  const built = await output('docker', ['image', 'inspect', '-f', `{{index .Config.Labels "${recipeLabel}"}}`, image], env).catch(() => '');
  if (built.trim() === recipe) return;
  tell(`building ${image}`);
  const context = await mkdtemp(join(labCache(env), `${kind}-`));
  try {
    await cp(join(here, kind), context, { recursive: true });
    await addPrograms(kind, context, env);
    // The classic builder: it needs no registry and no plugin.
    const args = ['build', '-q', '--build-arg', `BASE=${base}`, '--label', `${recipeLabel}=${recipe}`, '-t', image, context];
    await run('docker', args, { ...env, DOCKER_BUILDKIT: '0' });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** What Debian does not have comes from the native provisioners. */
async function addPrograms(kind: ServiceKindName, context: string, env: NodeJS.ProcessEnv): Promise<void> {
  if (kind !== 'pulsar' && kind !== 'mongodb' && kind !== 'influxdb') return;
  const places = { servers: serversFolder(env), env };
  const server = await serviceKinds[kind].native();
  let found = await server.find(places);
  if (!found) {
    const installation = await server.installation(places);
    await installation.install({ signal: new AbortController().signal, progress: () => {} });
    found = await server.find(places);
  }
  if (!found) throw new Error(`${server.title} could not be installed`);
  if (kind === 'pulsar') await cp(join(found.path, 'lib'), join(context, 'lib'), { recursive: true });
  if (kind === 'mongodb') await cp(found.path, join(context, 'ferretdb'));
  if (kind === 'influxdb') {
    await cp(found.path, join(context, 'influxd'));
    await cp(await influxCli(env), join(context, 'influx'));
  }
}

/** The `influx` command of the official image, from its Go module. */
async function influxCli(env: NodeJS.ProcessEnv): Promise<string> {
  const path = join(labCache(env), 'influx-2.7.1');
  const version = 'v2.2.1-0.20221028161653-3285a03e9e28';
  if (
    await readFile(path).then(
      () => true,
      () => false,
    )
  )
    return path;
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

async function recipeOf(kind: ServiceKindName, base: string): Promise<string> {
  const folder = join(here, kind);
  const files = (await readdir(folder)).sort();
  return hash([base, ...(await Promise.all(files.map(async (file) => `${file}\n${await readFile(join(folder, file), 'utf8')}`)))]);
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
