/** A workbench of this machine: folders of the data home, and programs that were found or installed. */
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { Bench, BenchRequest, BenchRun, Benches } from '../../bench.ts';
import { executable, isExecutable } from '../find-program.ts';
import { type Machine, placesOf, serverOf } from '../machine.ts';
import { ordinaryUser, own } from '../ordinary-user.ts';
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
  const folder = data && (data.kind === 'live' ? places.volume(data.volume.name) : places.kept(data.set, data.volume.name));
  for (const made of [depot, folder]) if (made) await mkdir(made, { recursive: true, mode: 0o700 });
  const published = spec.ports.find(({ target }) => target === reaches)?.published ?? reaches ?? 0;
  const folders = await programFolders(machine, spec);
  const ended = new AbortController();
  const running = new Set<Promise<unknown>>();

  async function run(argv: readonly [string, ...string[]], options: BenchRun): Promise<string> {
    const program = await programIn(folders, argv[0]);
    if (!program) throw toolMissing(argv[0], options.doing, spec.kind);
    const identity = options.asServer ? await ordinaryUser(spec.name) : undefined;
    const command = [...(identity?.prefix ?? []), program, ...argv.slice(1)] as [string, ...string[]];
    const signal = AbortSignal.any([ended.signal, ...(options.signal ? [options.signal] : [])]);
    const going = runLeashed(command, { ...options, signal, env: { ...inherited(machine.places.env), ...options.env } });
    running.add(going);
    try {
      const { code, stdout, complaint } = await going;
      if (code === 0) return stdout;
      throw toolFailed(argv[0], options.doing, code, complaint);
    } finally {
      running.delete(going);
    }
  }

  return {
    depot,
    data: folder ?? '',
    address: { host: '127.0.0.1', port: published },
    run,
    files: benchFiles(depot, async () => {
      const identity = await ordinaryUser(spec.name);
      if (identity && folder) await own(folder, identity, { anew: true });
    }, folder),
    async close() {
      ended.abort();
      await Promise.allSettled(running);
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

/** Nothing that could hold a secret, or name another server. */
function inherited(env: Machine['places']['env']): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'TEMP'];
  return { LC_ALL: 'C', TZ: 'UTC', ...Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))) };
}

function toolMissing(name: string, doing: string, kind: string | undefined): NoodleError {
  return new NoodleError({
    code: 'tool-missing',
    what: `Could not ${doing}: there is no ${name} on this machine.`,
    todo: 'Install it.',
    command: `noodlebox servers install ${kind ?? ''}`.trim(),
  });
}

function toolFailed(name: string, doing: string, code: number, complaint: string): NoodleError {
  const why = complaint.trim().split('\n').slice(-limits.errorLogLines).join('\n');
  if (/no space left on device|disk quota exceeded/i.test(complaint)) {
    return new NoodleError({ code: 'disk-full', what: `The disk is full: could not ${doing}.`, why, todo: 'Free some space, then try again.' });
  }
  return new NoodleError({ code: 'tool-failed', what: `Could not ${doing}.`, why: why ? `${name}: ${why}` : `${name} ended with ${code}.` });
}
