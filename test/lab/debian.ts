/** Debian's packages from the mirror that apt of this machine already uses. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { output, run } from './commands.ts';

/** What the lab takes its servers from: the release with PostgreSQL 17, Redis 8 and a docker-compose of version 2. */
export const release = 'trixie';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** @throws when this machine's apt knows no mirror */
export async function mirror(env: NodeJS.ProcessEnv): Promise<string> {
  const own = /^VERSION_CODENAME=(\S+)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1];
  const targets = await output('apt-get', ['indextargets', '--format', '$(RELEASE) $(SITE)'], env);
  const sites = targets.split('\n').map((line) => line.split(' '));
  const site = sites.find(([name]) => name === own)?.[1] ?? sites[0]?.[1];
  if (!site) throw new Error('apt names no mirror');
  return site;
}

/** Downloads one package of the release and unpacks it below `folder`, installing nothing. @returns where it was unpacked */
export async function unpackPackage(name: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const lists = join(folder, 'lists');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await writeFile(join(folder, 'sources.list'), `deb [signed-by=${keyring}] ${await mirror(env)} ${release} main\n`);
  const options = [
    '-o',
    `Dir::Etc::SourceList=${join(folder, 'sources.list')}`,
    '-o',
    'Dir::Etc::SourceParts=-',
    '-o',
    `Dir::State::Lists=${lists}`,
  ];
  const uncached = ['-o', 'Dir::Cache::pkgcache=', '-o', 'Dir::Cache::srcpkgcache='];
  await run('apt-get', [...options, ...uncached, 'update', '-qq'], env);
  await run('apt-get', [...options, ...uncached, 'download', name], env, folder);
  const archive = (await readdir(folder)).find((file) => file.endsWith('.deb'));
  if (!archive) throw new Error(`apt-get downloaded no ${name}`);
  const root = join(folder, 'root');
  await run('dpkg', ['-x', join(folder, archive), root], env);
  return root;
}

/** A Debian of the release with these packages, in a folder. */
export async function bootstrap(packages: readonly string[], root: string, env: NodeJS.ProcessEnv): Promise<void> {
  await run('debootstrap', ['--variant=minbase', `--include=${packages.join(',')}`, release, root, await mirror(env)], env);
}
