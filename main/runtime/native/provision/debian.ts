/** Debian's packages, of the machine's own release or of another, taken from the mirror that apt already uses; nothing is installed into the system. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../find-program.ts';
import { mustRun, runCommand } from '../run-command.ts';
import type { ServerPlaces } from '../server.ts';

/** Paths of the tools. */
export interface Debian {
  readonly apt: string;
  readonly cache: string;
  readonly dpkg: string;
}

type Env = ServerPlaces['env'];

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Debian's tools, where this is a Debian or a system made from it. */
export async function debianTools(env: Env): Promise<Debian | undefined> {
  const [apt, cache, dpkg] = await Promise.all(['apt-get', 'apt-cache', 'dpkg'].map((name) => findProgram(name, env)));
  return apt && cache && dpkg ? { apt, cache, dpkg } : undefined;
}

/** A value of this system's `/etc/os-release`, such as ID or VERSION_CODENAME. */
export async function osRelease(name: string): Promise<string | undefined> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1];
}

/** The mirror that this machine's apt uses for its own release; undefined when it names none. */
export async function aptMirror({ apt }: Pick<Debian, 'apt'>, env: Env, signal?: AbortSignal): Promise<string | undefined> {
  const own = await osRelease('VERSION_CODENAME');
  const { stdout } = await runCommand([apt, 'indextargets', '--format', '$(RELEASE) $(SITE)'], { env, signal });
  const sites = stdout.split('\n').map((line) => line.split(' '));
  return sites.find(([name]) => name === own)?.[1] ?? sites[0]?.[1];
}

/** What apt is told in order to keep everything of its own in a folder, which needs no root. */
export async function ownLists(folder: string): Promise<readonly string[]> {
  const [lists, cache] = [join(folder, 'lists'), join(folder, 'cache')];
  await Promise.all([mkdir(join(lists, 'partial'), { recursive: true }), mkdir(join(cache, 'archives', 'partial'), { recursive: true })]);
  return ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`];
}

/** The same for a machine on which nothing is installed: what is needed is then all of it. */
export async function ofBareMachine(folder: string): Promise<readonly string[]> {
  const status = join(folder, 'status');
  await writeFile(status, '');
  return ['-o', `Dir::State::status=${status}`, ...(await ownLists(folder))];
}

/** The same for a bare machine of another release of Debian. */
export async function ofRelease(release: string, mirror: string, folder: string): Promise<readonly string[]> {
  const sources = join(folder, 'sources.list');
  await writeFile(sources, `deb [signed-by=${keyring}] ${mirror} ${release} main\n`);
  return ['-o', `Dir::Etc::SourceList=${sources}`, '-o', 'Dir::Etc::SourceParts=-', ...(await ofBareMachine(folder))];
}

export async function hasCandidate({ cache }: Debian, name: string, env: Env, signal?: AbortSignal): Promise<boolean> {
  const { stdout } = await runCommand([cache, 'policy', name], { env: { ...env, LC_ALL: 'C' }, signal });
  return /Candidate: (?!\(none\))\S/.test(stdout);
}

/** Downloads packages with those they need and the machine does not have yet, and unpacks them. */
export async function unpackPackages(
  tools: Debian,
  work: {
    /** With all that they need. */
    readonly packages: readonly string[];
    /** Only these themselves. */
    readonly alone?: readonly string[];
    readonly options: readonly string[];
    /** An empty folder. */
    readonly downloads: string;
    readonly root: string;
  },
  failed: { readonly code: 'install-failed'; readonly what: string },
  env: Env,
  signal?: AbortSignal,
): Promise<void> {
  const { packages, alone = [], options, downloads, root } = work;
  const needed = await mustRun([tools.apt, ...options, 'install', '--simulate', '--no-install-recommends', ...packages], failed, {
    env,
    signal,
  });
  // "Inst libjemalloc2 (5.3.0-1 Debian:12/stable [amd64])": what this machine does not have yet.
  const missing = [...needed.matchAll(/^Inst (\S+) /gm)].map((match) => match[1]!);
  const all = new Set([...packages, ...alone, ...missing]);
  await mustRun([tools.apt, ...options, 'download', ...all], failed, { cwd: downloads, env, signal });
  for (const name of await readdir(downloads)) {
    await mustRun([tools.dpkg, '-x', join(downloads, name), root], failed, { env, signal });
  }
}
