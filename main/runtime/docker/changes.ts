/** The engine's events as hints. The stream alone is never trusted: after every connection made anew there is a hint to list afresh. */
import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../../limits.ts';
import { chunks, type EngineClient } from './engine/client.ts';
import { jsonLines } from './engine/json-lines.ts';
import { label, ofStack } from './names.ts';

interface ContainerEvent {
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> };
}

/** What changes how a service is shown. A process that exits by itself emits `die` only. */
const actions = ['create', 'start', 'restart', 'die', 'stop', 'kill', 'oom', 'pause', 'unpause', 'rename', 'destroy', 'health_status'];

/** A hint at once, then one an event, one when the engine is lost and one when it is back. Ends by the signal alone. */
export async function* changes(
  engine: EngineClient,
  stack: string,
  signal: AbortSignal,
): AsyncGenerator<{ readonly service: string | undefined }> {
  const call = {
    path: '/events',
    query: { filters: { ...ofStack(stack), type: ['container'], event: actions } },
    signal,
    doing: `watch ${stack}`,
  };
  let failures = 0;
  while (!signal.aborted) {
    try {
      const response = await engine.send(call);
      failures = 0;
      yield { service: undefined };
      for await (const event of jsonLines<ContainerEvent>(chunks(response, call))) {
        yield { service: event.Actor?.Attributes?.[label.service] };
      }
    } catch {
      failures += 1;
    }
    if (signal.aborted) return;
    if (failures <= 1) yield { service: undefined };
    const wait = limits.engineReconnect[Math.min(failures, limits.engineReconnect.length - 1)];
    await pause(wait, undefined, { signal }).catch(() => undefined);
  }
}
