/** Tools run as processes of this machine, in a process group of their own that goes as a whole. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { Readable } from 'node:stream';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { ServiceSpec } from '../spec.ts';
import { toolFailed, toolMissing } from '../tool-failure.ts';
import type { ServiceTools, ToolCall } from '../tools.ts';
import { findProgram } from './find-program.ts';
import { type Machine, serverOf } from './machine.ts';
import { inspect } from './observe.ts';
import { librariesOf } from './provision/packages.ts';
import { killChildren } from './run-command.ts';
import { inherited } from './spawn.ts';

export function nativeTools(machine: Machine, stack: string, spec: ServiceSpec): ServiceTools {
  return {
    async address(port) {
      // A server of this machine listens on the published port itself: that which it was made with.
      const published = (await inspect(machine, stack, spec.name))?.ports.find(({ target }) => target === port)?.published;
      if (published !== undefined) return { host: '127.0.0.1', port: published };
      throw new NoodleError({
        code: 'service-unreachable',
        what: `${spec.name} does not run.`,
        todo: 'Start it.',
        command: `noodlebox up ${spec.name}`,
      });
    },
    run: (call) => runTool(machine, spec, call),
  };
}

async function* runTool(machine: Machine, spec: ServiceSpec, call: ToolCall): AsyncGenerator<Uint8Array, void, undefined> {
  const { signal } = call;
  const program = await find(machine, spec, call);
  signal.throwIfAborted();
  const child = spawn(program, call.argv.slice(1), {
    env: { ...inherited(machine.places.env), ...librariesOf(program), ...call.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const end = ending(child);
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-limits.commandTailBytes);
  });
  const stop = () => {
    if (child.pid !== undefined) killChildren(child.pid);
  };
  signal.addEventListener('abort', stop, { once: true });
  let failure: { readonly error: unknown } | undefined;
  const input = feed(child, call, (error) => {
    failure = { error };
    stop();
  });
  let over = false;
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    const code = await end;
    over = true;
    signal.throwIfAborted();
    if (failure) throw failure.error;
    if (code !== 0) throw toolFailed(call, code, complaint);
  } finally {
    signal.removeEventListener('abort', stop);
    if (!over) stop();
    input?.destroy();
    await end.catch(() => {});
  }
}

async function find(machine: Machine, spec: ServiceSpec, call: ToolCall): Promise<string> {
  const server = await serverOf(machine, spec);
  const [tools, found] = await Promise.all([server.tools?.find(machine.places), server.find(machine.places)]);
  // Of the server's own version: these go before what else is on this machine.
  const own = [tools?.path, found && dirname(found.path)].filter((folder) => folder !== undefined);
  const program = await findProgram(call.argv[0], { PATH: [...own, machine.places.env.PATH].join(delimiter) });
  if (program) return program;
  throw toolMissing(call, 'on this machine', `noodlebox servers install ${server.kind}`);
}

/** @returns the exit code, or 128 as a shell would tell of one that was killed */
function ending(child: ChildProcessWithoutNullStreams): Promise<number> {
  const end = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 128));
  });
  end.catch(() => {});
  return end;
}

/** A tool that ends before it has read all is no error here: its status says why. */
function feed({ stdin }: ChildProcessWithoutNullStreams, { input }: ToolCall, failed: (error: unknown) => void): Readable | undefined {
  stdin.on('error', () => {});
  if (!input) return void stdin.end();
  const source = Readable.from(input, { objectMode: false });
  source.on('error', failed);
  stdin.once('close', () => source.destroy());
  source.pipe(stdin);
  return source;
}
