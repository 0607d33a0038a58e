/** Servers from the system's own packages: Debian's, unpacked into our folder without being root, or Homebrew's. */
import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ServiceKindName } from '../../../../preload/contract/kinds.ts';
import { findProgram } from '../find-program.ts';
import { mustRun, runCommand } from '../run-command.ts';
import type { Installation, ServerPlaces } from '../server.ts';
import { build, command, runSteps, type Step } from './steps.ts';

export interface PackagedServer {
  readonly kind: ServiceKindName;
  readonly program: string;
  readonly debian: readonly [string, ...string[]];
  readonly brew: string;
}

export async function serverFromPackages(places: ServerPlaces, packaged: PackagedServer): Promise<Installation> {
  const brew = await findProgram('brew', places.env);
  if (brew) return fromBrew(brew, places, packaged);
  const [apt, dpkg] = await Promise.all([findProgram('apt-get', places.env), findProgram('dpkg', places.env)]);
  if (apt && dpkg) return fromDebian({ apt, dpkg, cache: join(dirname(apt), 'apt-cache') }, places, packaged);
  return {
    program: packaged.program,
    commands: [],
    lacks: [{ what: 'a package manager that Noodlebox knows (apt-get or Homebrew)', command: null }],
    install: async () => {},
  };
}

/** The libraries unpacked beside a server, for the dynamic linker; nothing for a server of the system itself. */
export function librariesOf(path: string): Record<string, string> {
  const root = dirname(dirname(dirname(path)));
  if (!basename(root).startsWith(unpacked)) return {};
  const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch as string] ?? `${process.arch}-linux-gnu`;
  return { LD_LIBRARY_PATH: [join(root, 'usr/lib', triplet), join(root, 'lib', triplet), join(root, 'usr/lib')].join(':') };
}

/** How unpacked folders are named, so that they are known from a server of the system. */
const unpacked = 'debian-';

function fromBrew(brew: string, { env }: ServerPlaces, packaged: PackagedServer): Installation {
  const step = command(`Homebrew could not install ${packaged.program}.`, { argv: [brew, 'install', packaged.brew], cwd: '/', env });
  return { program: packaged.program, commands: [`brew install ${packaged.brew}`], lacks: [], install: (task) => runSteps([step], task) };
}

/** Paths of the tools. */
interface Debian {
  readonly apt: string;
  readonly cache: string;
  readonly dpkg: string;
}

function fromDebian(tools: Debian, places: ServerPlaces, { kind, program, debian }: PackagedServer): Installation {
  const target = join(places.servers, kind, `${unpacked}${process.arch}`);
  return {
    program,
    commands: [`apt-get download ${debian.join(' ')} (and what they need)`, `dpkg -x *.deb ${target}`],
    lacks: [],
    install: (task) =>
      build(
        target,
        (folder) => debianSteps(tools, folder, places.env, debian),
        (folder) => join(folder, 'root'),
        task,
      ),
  };
}

function debianSteps(tools: Debian, folder: string, env: ServerPlaces['env'], packages: readonly [string, ...string[]]): readonly Step[] {
  const downloads = join(folder, 'downloads');
  const root = join(folder, 'root');
  const failed = { code: 'install-failed' as const, what: `The packages ${packages.join(', ')} could not be had.` };
  /** Where apt keeps its lists: the system's, unless they do not know the package; then lists of our own, which need no root. */
  let lists: readonly string[] = [];
  return [
    {
      shown: 'apt-get update (into a folder of our own, where the system has no package lists)',
      async run(signal) {
        await Promise.all([mkdir(downloads), mkdir(root)]);
        if (await hasCandidate(tools, packages[0], env, signal)) return;
        const [state, cache] = [join(folder, 'lists'), join(folder, 'cache')];
        await Promise.all([
          mkdir(join(state, 'partial'), { recursive: true }),
          mkdir(join(cache, 'archives', 'partial'), { recursive: true }),
        ]);
        lists = ['-o', `Dir::State::Lists=${state}`, '-o', `Dir::Cache=${cache}`];
        await mustRun([tools.apt, ...lists, 'update'], failed, { env, signal });
      },
    },
    {
      shown: `apt-get download ${packages.join(' ')}`,
      async run(signal) {
        const needed = await mustRun([tools.apt, ...lists, 'install', '--simulate', '--no-install-recommends', ...packages], failed, {
          env,
          signal,
        });
        // "Inst libjemalloc2 (5.3.0-1 Debian:12/stable [amd64])": what this machine does not have yet.
        const missing = [...needed.matchAll(/^Inst (\S+) /gm)].map((match) => match[1]!);
        await mustRun([tools.apt, ...lists, 'download', ...new Set([...packages, ...missing])], failed, { cwd: downloads, env, signal });
      },
    },
    {
      shown: 'dpkg -x *.deb',
      async run(signal) {
        for (const name of await readdir(downloads))
          await mustRun([tools.dpkg, '-x', join(downloads, name), root], failed, { env, signal });
      },
    },
  ];
}

async function hasCandidate({ cache }: Debian, name: string, env: ServerPlaces['env'], signal: AbortSignal): Promise<boolean> {
  const { stdout } = await runCommand([cache, 'policy', name], { env: { ...env, LC_ALL: 'C' }, signal });
  return /Candidate: (?!\(none\))\S/.test(stdout);
}
