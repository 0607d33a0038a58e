/** A workbench of this machine: folders of the data home, and programs that were found or installed. */
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Bench, Benches, BenchRequest, BenchRun } from '../../bench.ts';
import { toolFailed, toolMissing } from '../../tool-failure.ts';
import { executable, isExecutable } from '../find-program.ts';
import { type Machine, placesOf, serverOf } from '../machine.ts';
import { ordinaryUser, own } from '../ordinary-user.ts';
import { inherited } from '../spawn.ts';
import { benchFiles } from './files.ts';
import { runLeashed } from './leash.ts';

export function nativeBenches(machine: Machine): Benches {
  return {
    open: (request) => open(machine, request),
    async removeDepot(stack, service) {
      await rm(placesOf(machine, stack).depot(service), { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function open(machine: Machine, { definition, spec, data, reaches }: BenchRequest): Promise<Bench> {
  const places = placesOf(machine, definition.name);
  const depot = places.depot(spec.name);
  const folder = data && places.kept(data.set, data.volume.name);
  for (const made of [depot, folder]) if (made) await mkdir(made, { recursive: true, mode: 0o700 });
  const folders = await programFolders(machine, spec);
  const scratch = await mkdtemp(join(tmpdir(), 'noodlebox-'));
  const ended = new AbortController();
  const running = new Set<Promise<unknown>>();

  async function run(argv: readonly [string, ...string[]], options: BenchRun): Promise<string> {
    const program = await programIn(folders, argv[0]);
    if (!program) throw toolMissing({ argv, ...options }, 'on this machine', `noodlebox servers install ${spec.kind ?? ''}`.trim());
    const identity = options.asServer ? await ordinaryUser(spec.name) : undefined;
    const command = [...(identity?.prefix ?? []), program, ...argv.slice(1)] as [string, ...string[]];
    const signal = AbortSignal.any([ended.signal, ...(options.signal ? [options.signal] : [])]);
    const going = runLeashed(command, {
      ...options,
      signal,
      env: { ...inherited(machine.places.env), LC_ALL: 'C', TZ: 'UTC', ...options.env },
    });
    running.add(going);
    try {
      const { code, stdout, complaint } = await going;
      if (code === 0) return stdout;
      throw toolFailed({ argv, ...options }, code, complaint);
    } finally {
      running.delete(going);
    }
  }

  return {
    depot,
    data: folder ?? '',
    scratch,
    address: { host: '127.0.0.1', port: reaches?.published ?? 0 },
    run,
    files: benchFiles(
      depot,
      async () => {
        const identity = await ordinaryUser(spec.name);
        if (!identity) return;
        if (folder) await own(folder, identity);
        await chown(scratch, identity.owner.uid, identity.owner.gid);
      },
      folder,
    ),
    async close() {
      ended.abort();
      await Promise.allSettled(running);
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** The folders of the tools and of the server, in the order in which a program is looked for. */
async function programFolders(machine: Machine, spec: BenchRequest['spec']): Promise<readonly string[]> {
  const server = await serverOf(machine, spec);
  const [tools, found] = await Promise.all([server.tools?.find(machine.places), server.find(machine.places)]);
  return [...(tools ? [tools.path] : []), ...(found ? [dirname(found.path)] : [])];
}

async function programIn(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, executable(name));
    if (await isExecutable(path)) return path;
  }
  return undefined;
}
