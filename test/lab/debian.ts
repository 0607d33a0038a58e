/** Debian's packages from the mirror that apt of this machine already uses. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { aptMirror, debianTools, ofRelease, unpackPackages } from '../../main/runtime/native/provision/debian.ts';
import { run } from './commands.ts';

/** What the lab takes its servers from: the release with PostgreSQL 17, Redis 8 and a docker-compose of version 2. */
export const release = 'trixie';

/** @throws when this machine's apt knows no mirror */
async function here(env: NodeJS.ProcessEnv) {
  const tools = await debianTools(env);
  const mirror = tools && (await aptMirror(tools, env));
  if (!mirror) throw new Error('apt names no mirror');
  return { tools, mirror };
}

/** Downloads one package of the release and unpacks it below `folder`, installing nothing. @returns where it was unpacked */
export async function unpackPackage(name: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { tools, mirror } = await here(env);
  const options = await ofRelease(release, mirror, folder);
  await run(tools.apt, [...options, 'update', '-qq'], env);
  const [downloads, root] = [join(folder, 'downloads'), join(folder, 'root')];
  await Promise.all([mkdir(downloads), mkdir(root)]);
  const failed = { code: 'install-failed' as const, what: `${name} could not be had.` };
  await unpackPackages(tools, { packages: [], alone: [name], options, downloads, root }, failed, env);
  return root;
}

/** A Debian of the release with these packages, in a folder. */
export async function bootstrap(packages: readonly string[], root: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { mirror } = await here(env);
  await run('debootstrap', ['--variant=minbase', `--include=${packages.join(',')}`, release, root, mirror], env);
}
