/** Servers from the system's own packages: Debian's, unpacked into our folder without being root, or Homebrew's. */
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ServiceKindName } from '../../../../preload/contract/kinds.ts';
import { findProgram } from '../find-program.ts';
import { mustRun } from '../run-command.ts';
import type { Installation, ServerPlaces } from '../server.ts';
import { type Debian, debianTools, hasCandidate, ownLists, unpackPackages } from './debian.ts';
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
  const tools = await debianTools(places.env);
  if (tools) return fromDebian(tools, places, packaged);
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
  /** The system's own lists, unless they do not know the package; then lists of our own. */
  let options: readonly string[] = [];
  return [
    {
      shown: 'apt-get update (into a folder of our own, where the system has no package lists)',
      async run(signal) {
        await Promise.all([mkdir(downloads), mkdir(root)]);
        if (await hasCandidate(tools, packages[0], env, signal)) return;
        options = await ownLists(folder);
        await mustRun([tools.apt, ...options, 'update'], failed, { env, signal });
      },
    },
    {
      shown: `apt-get download ${packages.join(' ')}; dpkg -x *.deb`,
      run: (signal) => unpackPackages(tools, { packages, options, downloads, root }, failed, env, signal),
    },
  ];
}
