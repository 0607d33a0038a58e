/** FerretDB 1.24 with SQLite, built from the Go module proxy. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { executable, isExecutable } from '../../runtime/native/find-program.ts';
import { goSteps, goTool } from '../../runtime/native/provision/go.ts';
import { build } from '../../runtime/native/provision/steps.ts';
import type { FoundServer, Installation, Launch, NativeInstance, ServerPlaces } from '../../runtime/native/server.ts';
import { credentialsOf } from './native-client.ts';

const version = '1.24.0';
const program = {
  title: 'FerretDB',
  module: 'github.com/FerretDB/FerretDB',
  version: `v${version}`,
  package: './cmd/ferretdb',
  flags: ['-tags', 'ferretdb_sqlite'],
  env: { CGO_ENABLED: '0' },
  /** The module is published without the file its program reads its version from. */
  async complete(source: string) {
    const folder = join(source, 'build', 'version');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'version.txt'), `v${version}`);
  },
};

export const ferretdb = {
  name: 'FerretDB',
  /** What it makes in the data folder. */
  mark: 'ferretdb',

  async find({ servers }: ServerPlaces): Promise<FoundServer | undefined> {
    const path = join(installed(servers), executable('ferretdb'));
    if (!(await isExecutable(path))) return undefined;
    const notes = ['FerretDB stands in for mongod: no change streams, transactions, $lookup, $sample or validators, and no replica set.'];
    return { program: `FerretDB ${version}`, version, path, notes };
  },

  async installation(places: ServerPlaces): Promise<Installation> {
    const go = await goTool(places.env, '1.22');
    return {
      program: `FerretDB ${version} (stands in for mongod)`,
      commands: [
        `go mod download ${program.module}@${program.version}`,
        'CGO_ENABLED=0 go build -tags ferretdb_sqlite ./cmd/ferretdb (in a copy of it, with build/version/version.txt)',
      ],
      lacks: 'lack' in go ? [go.lack] : [],
      async install(task) {
        if ('lack' in go) return;
        const steps = (folder: string) => goSteps(go.path, folder, 'ferretdb', program, places.env);
        await build(installed(places.servers), steps, (folder) => join(folder, 'out'), task);
      },
    };
  },

  async prepare(found: FoundServer, instance: NativeInstance, data: string): Promise<Launch> {
    await mkdir(join(data, this.mark), { recursive: true, mode: 0o700 });
    const { username, password } = credentialsOf(instance);
    const args = [
      '--handler=sqlite',
      `--sqlite-url=file:${this.mark}/`,
      `--state-dir=${this.mark}`,
      `--listen-addr=127.0.0.1:${instance.published(27017)}`,
      '--debug-addr=-',
      '--telemetry=disable',
      '--test-enable-new-auth',
      '--setup-database=admin',
    ];
    // Anyone on this machine may read a command line; the environment only its owner.
    const env = { FERRETDB_SETUP_USERNAME: username, FERRETDB_SETUP_PASSWORD: password };
    return { command: found.path, args, env, cwd: data, stopSignal: 'SIGTERM' };
  },
};

function installed(servers: string): string {
  return join(servers, 'mongodb', `ferretdb-${version}`);
}
