/** A service's own health check, run now inside its container, as the engine would at its next interval. */
import type { ContainerInspectInfo } from 'dockerode';
import { limits } from '../../limits.ts';
import type { ProbeResult } from '../runtime.ts';
import type { ServiceSpec } from '../spec.ts';
import { chunks, type EngineClient } from './engine/client.ts';
import { refusedWith } from './engine/refusal.ts';
import { inspectService, onContainer } from './instances.ts';
import { FrameReader } from './logs/frames.ts';

export async function probe(engine: EngineClient, stack: string, spec: ServiceSpec, signal?: AbortSignal): Promise<ProbeResult> {
  const command = healthCommand(spec.healthcheck?.test);
  if (!command) return stateResult(await inspectService(engine, stack, spec.name, signal)) ?? { state: 'ready' };
  const timeout = Math.min(spec.healthcheck?.timeout ?? limits.probeTimeout, limits.probeTimeout);
  const timer = AbortSignal.timeout(timeout);
  const within = signal ? AbortSignal.any([signal, timer]) : timer;
  try {
    const { exitCode, output } = await onContainer(engine, stack, spec.name, (container) => execute(engine, container, command, within));
    if (exitCode === 0) return { state: 'ready' };
    const gone = stateResult(await inspectService(engine, stack, spec.name, signal));
    return gone ?? { state: 'not-ready', message: output.trim() || `The health check left with status ${exitCode}.` };
  } catch (error) {
    if (timer.aborted && !signal?.aborted) return { state: 'not-ready', message: `The health check took longer than ${timeout} ms.` };
    if (!refusedWith(error, 404, 409, 500)) throw error;
    const gone = stateResult(await inspectService(engine, stack, spec.name, signal));
    return gone ?? { state: 'not-ready', message: error.problem.why ?? error.problem.what };
  }
}

/** What to run for a compose `healthcheck.test`; undefined where there is none. */
export function healthCommand(test: readonly string[] | undefined): readonly string[] | undefined {
  const [how, ...rest] = test ?? [];
  if (how === 'CMD' && rest.length > 0) return rest;
  if (how === 'CMD-SHELL' && rest[0]) return ['/bin/sh', '-c', rest[0]];
  return undefined;
}

/** `gone` unless it runs. One that the engine is about to restart has exited all the same. */
function stateResult(container: ContainerInspectInfo | undefined): ProbeResult | undefined {
  if (!container) return { state: 'gone', exitCode: undefined };
  const { Status, ExitCode } = container.State;
  if (Status === 'running') return undefined;
  if (Status === 'paused') return { state: 'not-ready', message: 'The container is paused.' };
  return { state: 'gone', exitCode: Status === 'created' ? undefined : ExitCode };
}

async function execute(
  engine: EngineClient,
  container: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<{ exitCode: number; output: string }> {
  const doing = `run the health check of ${container}`;
  const { Id } = await engine.json<{ Id: string }>({
    method: 'POST',
    path: `/containers/${container}/exec`,
    body: { Cmd: command, AttachStdout: true, AttachStderr: true },
    signal,
    doing,
  });
  const started = await engine.send({ method: 'POST', path: `/exec/${Id}/start`, body: { Detach: false, Tty: false }, signal, doing });
  const output = await collect(chunks(started, { signal, doing }));
  signal.throwIfAborted();
  const { ExitCode } = await engine.json<{ ExitCode: number | null }>({ path: `/exec/${Id}/json`, signal, doing });
  return { exitCode: ExitCode ?? -1, output };
}

/** Both streams as they came, cut at `limits.probeOutputBytes`. */
async function collect(source: AsyncIterable<Buffer>): Promise<string> {
  const frames = new FrameReader();
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    frames.read(chunk, (_stream, bytes, start, end) => {
      if (size < limits.probeOutputBytes) parts.push(bytes.subarray(start, end));
      size += end - start;
    });
  }
  return Buffer.concat(parts).subarray(0, limits.probeOutputBytes).toString('utf8');
}
