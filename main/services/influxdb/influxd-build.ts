import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { askVersion, executable, findProgram } from '../../runtime/native/find-program.ts';
import { goSteps, goTool } from '../../runtime/native/provision/go.ts';
import { build, command, type Step } from '../../runtime/native/provision/steps.ts';
import { installCommand } from '../../runtime/native/provision/system.ts';
import type { Installation, ServerPlaces } from '../../runtime/native/server.ts';

export const builtVersion = '2.7.12';
/** Builds the Rust half (Flux) on behalf of `go build`, in the place of pkg-config. */
const pkgConfig = 'github.com/influxdata/pkg-config@v0.2.7';

const program = {
  title: 'InfluxDB',
  module: 'github.com/influxdata/influxdb/v2',
  version: `v${builtVersion}`,
  package: './cmd/influxd',
  flags: ['-tags', 'sqlite_foreign_keys,sqlite_json', '-ldflags', `-s -w -X main.version=v${builtVersion}`],
};

export function installed(servers: string): string {
  return join(servers, 'influxdb', `influxd-${builtVersion}`);
}

export async function influxdInstallation(places: ServerPlaces): Promise<Installation> {
  const { env } = places;
  const [go, cargo, compiler] = await Promise.all([goTool(env, '1.23'), findCargo(env), findCompiler(env)]);
  const lacks = [
    ...('lack' in go ? [go.lack] : []),
    ...(cargo ? [] : [{ what: 'Rust (cargo)', command: "curl --proto '=https' -sSf https://sh.rustup.rs | sh -s -- -y" }]),
    ...(compiler ? [] : [{ what: 'a C compiler', command: compilerCommand }]),
  ];
  return {
    program: `InfluxDB ${builtVersion}`,
    commands: [
      `go mod download ${program.module}@${program.version}`,
      `go install ${pkgConfig}`,
      `PKG_CONFIG="$(go env GOPATH)/bin/pkg-config" go build -tags sqlite_foreign_keys,sqlite_json ./cmd/influxd (in a copy of it; some minutes)`,
    ],
    lacks,
    async install(task) {
      if ('lack' in go || !cargo) return;
      const toolchain = await askVersion(['rustup', 'show', 'active-toolchain'], /^(\S+)/, env);
      const tools = { go: go.path, cargo, toolchain };
      await build(
        installed(places.servers),
        (folder) => buildSteps(folder, tools, env),
        (folder) => join(folder, 'out'),
        task,
      );
    },
  };
}

const compilerCommand =
  process.platform === 'darwin'
    ? 'xcode-select --install'
    : installCommand({ debian: 'build-essential', brew: 'gcc', winget: 'MSYS2.MSYS2' });

interface Tools {
  readonly go: string;
  readonly cargo: string;
  /** rustup's name of the toolchain in use; undefined for a Rust that did not come from rustup. */
  readonly toolchain: string | undefined;
}

function buildSteps(folder: string, { go, cargo, toolchain }: Tools, env: ServerPlaces['env']): readonly Step[] {
  const wrapper = join(folder, 'rustc');
  const building = {
    PATH: [dirname(cargo), dirname(go), env.PATH ?? ''].join(delimiter),
    PKG_CONFIG: join(folder, executable('pkg-config')),
    RUSTC_WRAPPER: wrapper,
    // Flux asks for a toolchain by number; the one that is here does.
    ...(toolchain ? { RUSTUP_TOOLCHAIN: toolchain } : {}),
  };
  const [download, compile] = goSteps(go, folder, 'influxd', { ...program, env: building }, env);
  return [
    download!,
    {
      shown: 'a wrapper of rustc that leaves its newer warnings at warnings',
      async run() {
        await writeFile(wrapper, '#!/bin/sh\nexec "$@" --cap-lints warn\n');
        await chmod(wrapper, 0o755);
      },
    },
    command('The builder of Flux could not be installed.', {
      argv: [go, 'install', pkgConfig],
      cwd: folder,
      env: { ...env, GOBIN: folder },
    }),
    compile!,
  ];
}

async function findCargo(env: ServerPlaces['env']): Promise<string | undefined> {
  return findProgram('cargo', env, [join(env.CARGO_HOME ?? join(env.HOME ?? '', '.cargo'), 'bin')]);
}

async function findCompiler(env: ServerPlaces['env']): Promise<string | undefined> {
  for (const name of ['gcc', 'clang', 'cc']) {
    const path = await findProgram(name, env);
    if (path) return path;
  }
  return undefined;
}
