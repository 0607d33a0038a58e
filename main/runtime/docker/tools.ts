/**
 * Tools run in a service's own container, as its image has them (`POST /containers/{id}/exec`).
 *
 * The engine cannot end what it was asked to execute, and tells no id of it that is known inside the container. So a
 * shell there tells its own first and then becomes the program; an abort executes `kill` on it.
 */
import { type Duplex, Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { ServiceSpec } from '../spec.ts';
import { toolFailed, toolMissing } from '../tool-failure.ts';
import type { ServiceTools, ToolCall } from '../tools.ts';
import type { EngineClient } from './engine/client.ts';
import { refusedWith } from './engine/refusal.ts';
import { onContainer } from './instances.ts';
import { FrameReader } from './logs/frames.ts';

export function containerTools(engine: EngineClient, stack: string, spec: ServiceSpec): ServiceTools {
  return {
    address: async (port) => ({ host: '127.0.0.1', port }),
    run: (call) => runTool(engine, stack, spec.name, call),
  };
}

/** Constant text: what is run comes as its arguments. */
const tellThenExec = 'echo "$$" >&2; exec "$@"';
/** The engine makes what it executes the leader of a group. */
const killGroup = 'kill -KILL "-$1" 2>/dev/null || kill -KILL "$1"';

/** The status of a shell that does not find what it should become. */
const notFound = 127;

async function* runTool(engine: EngineClient, stack: string, service: string, call: ToolCall): AsyncGenerator<Uint8Array, void, undefined> {
  const { signal, doing } = call;
  signal.throwIfAborted();
  const { container, id } = await create(engine, stack, service, call);
  const stream = await engine.hijack({ method: 'POST', path: `/exec/${id}/start`, body: { Detach: false, Tty: false }, doing });
  const output = new Output(() => feed(stream, call.input));
  const abort = () => {
    if (output.pid !== undefined) stream.destroy();
  };
  signal.addEventListener('abort', abort, { once: true });
  let ended = false;
  try {
    yield* output.of(stream, signal);
    const code = await exitCode(engine, id, doing);
    ended = true;
    if (code === notFound && /not found/i.test(output.complaint)) throw toolMissing(call, `in the container of ${service}`);
    if (code !== 0) throw toolFailed(call, code, output.complaint);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    stream.destroy();
    if (!ended && output.pid !== undefined) await kill(engine, container, id, output.pid);
  }
}

async function create(engine: EngineClient, stack: string, service: string, call: ToolCall): Promise<{ container: string; id: string }> {
  const body = {
    Cmd: ['/bin/sh', '-c', tellThenExec, 'noodlebox', ...call.argv],
    Env: Object.entries(call.env ?? {}).map(([name, value]) => `${name}=${value}`),
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  };
  const { signal, doing } = call;
  try {
    return await onContainer(engine, stack, service, async (container) => {
      const { Id } = await engine.json<{ Id: string }>({ method: 'POST', path: `/containers/${container}/exec`, body, signal, doing });
      return { container, id: Id };
    });
  } catch (error) {
    if (!refusedWith(error, 404, 409)) throw error;
    throw new NoodleError(
      {
        code: 'service-unreachable',
        what: `${service} does not run: could not ${doing}.`,
        todo: 'Start it.',
        command: `noodlebox up ${service}`,
      },
      { cause: error },
    );
  }
}

/** What comes back, its two streams told apart frame by frame, and not read ahead of the reader. */
class Output {
  complaint = '';
  /** In the container. */
  pid: string | undefined;
  readonly #begun: () => void;

  /** @param begun called when the pid is known: from then on what is begun can be ended */
  constructor(begun: () => void) {
    this.#begun = begun;
  }

  async *of(stream: Duplex, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const frames = new FrameReader();
    // The engine carries both streams by themselves: what is printed may overtake the pid, and whoever leaves then would leave it running.
    const printed: Buffer[] = [];
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        frames.read(chunk, (from, bytes, start, end) => {
          if (from === 'stdout') printed.push(bytes.subarray(start, end));
          else this.#complain(bytes.toString('utf8', start, end));
        });
        if (this.pid === undefined) continue;
        signal.throwIfAborted();
        yield* printed.splice(0);
      }
      yield* printed;
    } catch (error) {
      // A tool that ends before all of its input was written: its status says why.
      if (!['EPIPE', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }

  #complain(text: string): void {
    this.complaint += text;
    const told = this.pid === undefined ? /^(\d+)\n/.exec(this.complaint) : null;
    if (told) {
      this.pid = told[1];
      this.complaint = this.complaint.slice(told[0].length);
      this.#begun();
    }
    this.complaint = this.complaint.slice(-limits.commandTailBytes);
  }
}

/** An input that fails ends the tool: half of it must not pass for all. */
function feed(stream: Duplex, input: AsyncIterable<Uint8Array> | undefined): void {
  if (!input) return void stream.end();
  const source = Readable.from(input, { objectMode: false });
  source.on('error', (error) => stream.destroy(error));
  stream.once('close', () => source.destroy());
  source.pipe(stream);
}

interface ExecState {
  readonly Running: boolean;
  readonly ExitCode: number | null;
}

/** The engine may need a moment after the last output until it knows. */
async function exitCode(engine: EngineClient, id: string, doing: string): Promise<number | undefined> {
  for (let waited = 0; ; waited += limits.toolEndPoll) {
    const { Running, ExitCode } = await engine.json<ExecState>({ path: `/exec/${id}/json`, doing });
    if (!Running) return ExitCode ?? undefined;
    if (waited >= limits.toolEndPatience) return undefined;
    await pause(limits.toolEndPoll);
  }
}

/** Returns once it is gone. */
async function kill(engine: EngineClient, container: string, id: string, pid: string): Promise<void> {
  const doing = 'end what was run in the container';
  try {
    const body = { Cmd: ['/bin/sh', '-c', killGroup, 'noodlebox', pid], User: '0:0' };
    const { Id } = await engine.json<{ Id: string }>({ method: 'POST', path: `/containers/${container}/exec`, body, doing });
    await engine.run({ method: 'POST', path: `/exec/${Id}/start`, body: { Detach: true, Tty: false }, doing });
    await exitCode(engine, id, doing);
  } catch (error) {
    // The container is gone, and what ran in it too.
    if (!refusedWith(error, 404, 409)) throw error;
  }
}
