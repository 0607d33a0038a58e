import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { ServiceSpec } from '../runtime/spec.ts';

/**
 * Waits until the service's own health check passes, asking more often than an engine would.
 * Fails at once when the instance exits or its engine finds it unhealthy, with the last log lines.
 * @throws NoodleError service-exited, service-unhealthy, service-timeout
 */
export async function waitUntilReady(runtime: Runtime, stack: string, spec: ServiceSpec, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + limits.readyTimeout;
  let last = 'it has not answered yet';
  let asked = performance.now();
  for (let round = 0; ; round++) {
    signal.throwIfAborted();
    while (performance.now() - asked < limits.probeAnyway && !(await runtime.listens(stack, spec))) {
      await sleep(limits.probeInterval, undefined, { signal });
    }
    asked = performance.now();
    const probe = await runtime
      .probe(stack, spec, AbortSignal.any([signal, AbortSignal.timeout(limits.probeTimeout)]))
      .catch((error: unknown) => {
        // A check that hangs is one that has not passed; anything else is the runtime's own trouble.
        if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError') && !signal.aborted) {
          return { state: 'not-ready' as const, message: `its health check took longer than ${limits.probeTimeout / 1000} s` };
        }
        throw error;
      });
    if (probe.state === 'ready') return;
    if (probe.state === 'gone') {
      const code = probe.exitCode === undefined ? '' : ` with code ${probe.exitCode}`;
      throw await failed(runtime, stack, spec, 'service-exited', `${spec.name} exited${code} while it started.`);
    }
    last = probe.message;
    if (round % unhealthyEvery === unhealthyEvery - 1) {
      const instance = await runtime.inspect(stack, spec.name, signal);
      if (instance?.health === 'unhealthy') {
        throw await failed(runtime, stack, spec, 'service-unhealthy', `${spec.name} is unhealthy: ${instance.healthMessage ?? last}`);
      }
    }
    if (Date.now() > deadline) {
      throw await failed(
        runtime,
        stack,
        spec,
        'service-timeout',
        `${spec.name} was not ready within ${limits.readyTimeout / 1000} s: ${last}`,
      );
    }
    const rest = Math.min((performance.now() - asked) * limits.probeRest, limits.probeRestMost);
    await sleep(Math.max(limits.probeInterval, rest), undefined, { signal });
  }
}

/** The engine's own verdict is asked for every so many rounds: it changes at its own, slower pace. */
const unhealthyEvery = 5;

async function failed(runtime: Runtime, stack: string, spec: ServiceSpec, code: ErrorCode, what: string): Promise<NoodleError> {
  return new NoodleError({
    code,
    what,
    why: await lastLines(runtime, stack, spec.name),
    todo: 'Read its log for the cause, mend it, then bring the stack up again.',
    command: `noodlebox logs ${spec.name}`,
  });
}

async function lastLines(runtime: Runtime, stack: string, service: string): Promise<string | undefined> {
  const lines: string[] = [];
  try {
    const signal = AbortSignal.timeout(limits.probeTimeout);
    for await (const batch of runtime.logs(stack, service, { tail: limits.errorLogLines, follow: false, signal })) {
      lines.push(...batch.map((line) => line.text));
    }
  } catch (error) {
    lines.push(`(its log could not be read: ${(error as Error).message})`);
  }
  return lines.length > 0 ? `Its last log lines:\n${lines.slice(-limits.errorLogLines).join('\n')}` : 'It logged nothing.';
}
