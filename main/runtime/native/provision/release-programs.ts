/**
 * Programs of a newer Debian on this one. They are unpacked with all libraries of their release, its C library
 * included, and a script of each name runs it through that release's dynamic linker, so that neither the
 * programs nor the shells they start ever meet a library of the other release.
 */
import { chmod, glob, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NoodleError } from '../../../errors.ts';
import { mustRun } from '../run-command.ts';
import type { Installation, ServerPlaces } from '../server.ts';
import { aptMirror, type Debian, hasCandidate, ofBareMachine, ofRelease, osRelease, unpackPackages } from './debian.ts';
import { build } from './steps.ts';

export interface ReleasePrograms {
  /** "PostgreSQL 17's client tools" */
  readonly title: string;
  /** What is asked for; the first tells whether the machine's own release has them. */
  readonly packages: readonly [string, ...string[]];
  /** Packages of the libraries they need, with which all others come. */
  readonly libraries: readonly string[];
  /** Where they are in the packages, without a leading slash. */
  readonly folder: string;
  readonly programs: readonly string[];
  /** The release of Debian that has them. */
  readonly release: string;
}

/** @param target the folder they come into: `bin` of it holds the programs @returns undefined where neither this release nor Debian has them */
export async function releasePrograms(
  tools: Debian,
  { env }: ServerPlaces,
  target: string,
  wanted: ReleasePrograms,
): Promise<Installation | undefined> {
  const own = await hasCandidate(tools, wanted.packages[0], env);
  const mirror = own || (await osRelease('ID')) !== 'debian' ? undefined : await aptMirror(tools, env);
  if (!own && !mirror) return undefined;
  const source = own ? "this system's packages" : `Debian ${wanted.release}`;
  const failed = { code: 'install-failed' as const, what: `${wanted.title} could not be had from ${source}.` };
  const all = [...wanted.packages, ...wanted.libraries];
  return {
    program: wanted.title,
    commands: [`apt-get download ${all.join(' ')} (of ${source}, and what they need)`, `dpkg -x *.deb ${target}`],
    lacks: [],
    install: (task) =>
      build(
        target,
        (folder) => {
          const [downloads, root, result] = ['downloads', 'root', 'result'].map((name) => join(folder, name)) as [string, string, string];
          let options: readonly string[] = [];
          return [
            {
              shown: `apt-get update (${source}, into a folder of our own)`,
              async run(signal) {
                await Promise.all([downloads, root, result].map((made) => mkdir(made)));
                options = await (mirror ? ofRelease(wanted.release, mirror, folder) : ofBareMachine(folder));
                await mustRun([tools.apt, ...options, 'update'], failed, { env, signal });
              },
            },
            {
              shown: `apt-get download ${all.join(' ')}; dpkg -x *.deb`,
              run: (signal) =>
                unpackPackages(
                  tools,
                  { packages: wanted.libraries, alone: wanted.packages, options, downloads, root },
                  failed,
                  env,
                  signal,
                ),
            },
            { shown: 'a script for each program', run: () => arrange(root, result, wanted) },
          ];
        },
        (folder) => join(folder, 'result'),
        task,
      ),
  };
}

/** Takes what is needed out of the unpacked packages: `programs/`, `lib/` and the scripts in `bin/`. */
async function arrange(root: string, result: string, { folder, programs, title }: ReleasePrograms): Promise<void> {
  const linker = await firstOf('usr/{lib,lib64,lib/*-linux-gnu}/ld-linux*.so.*', root);
  const library = await firstOf('usr/lib/*-linux-gnu/libc.so.6', root);
  if (!linker || !library) throw new NoodleError({ code: 'install-failed', what: `${title} came without the libraries they need.` });
  await Promise.all(['bin', 'programs'].map((name) => mkdir(join(result, name))));
  await rename(join(root, library, '..'), join(result, 'lib'));
  // With merged folders the linker is one of the libraries, or a link to one.
  const name = linker.slice(linker.lastIndexOf('/') + 1);
  if (!(await readdir(join(result, 'lib'))).includes(name)) await rename(join(root, linker), join(result, 'lib', name));
  for (const program of programs) {
    await rename(join(root, folder, program), join(result, 'programs', program));
    await writeFile(join(result, 'bin', program), script(name, program));
    await chmod(join(result, 'bin', program), 0o755);
  }
  await rm(root, { recursive: true, force: true });
}

/** `--argv0`: they look for each other beside themselves, and are to find the scripts. */
function script(linker: string, program: string): string {
  return `#!/bin/sh
here=\${0%/*}/..
exec "$here/lib/${linker}" --library-path "$here/lib" --argv0 "$0" "$here/programs/${program}" "$@"
`;
}

async function firstOf(pattern: string, root: string): Promise<string | undefined> {
  for await (const path of glob(pattern, { cwd: root })) return path;
  return undefined;
}
