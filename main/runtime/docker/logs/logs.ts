/** The log of one service, followed through restarts of its container. */

import type { IncomingMessage } from 'node:http';
import type { ContainerInspectInfo } from 'dockerode';
import type { LogLevel, LogLine, ServiceKindName } from '../../../../preload/contract/index.ts';
import { ServiceKindName as kindName } from '../../../../preload/contract/kinds.ts';
import { limits } from '../../../limits.ts';
import type { LogOptions } from '../../runtime.ts';
import { changes } from '../changes.ts';
import type { EngineClient } from '../engine/client.ts';
import { engineLost, refusedWith } from '../engine/refusal.ts';
import { inspectService } from '../instances.ts';
import { label } from '../names.ts';
import { LineReader } from './lines.ts';
import { justAfter } from './stamp.ts';

/** What a service kind reads out of its own log lines. */
export type ParseLine = (kind: ServiceKindName, text: string) => { readonly time?: number; readonly level?: LogLevel };

export async function* followLogs(
  engine: EngineClient,
  stack: string,
  service: string,
  { since, tail, follow, signal }: LogOptions,
  parseLine: ParseLine | undefined,
): AsyncGenerator<readonly LogLine[]> {
  let from: { since: string | undefined; tail: number | undefined } = {
    since: since === undefined ? undefined : (since / 1000).toFixed(3),
    tail,
  };
  for (;;) {
    const container = await inspectService(engine, stack, service, signal);
    if (!container) return;
    const read = async function* (following: boolean) {
      const reader = new LineReader({ service, tty: container.Config.Tty, level: levelOf(container, parseLine) });
      yield* attach(engine, container.Id, reader, { ...from, follow: following, signal });
      from = { since: (reader.lastStamp && justAfter(reader.lastStamp)) ?? from.since, tail: undefined };
    };
    yield* read(follow);
    if (!follow || signal.aborted) return;
    // When a container exits the engine ends its stream, and at times before the last lines: just those that say why.
    yield* read(false);
    if (!(await runsAgain(engine, stack, service, signal))) return;
  }
}

interface Attachment {
  readonly since: string | undefined;
  readonly tail: number | undefined;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

async function* attach(
  engine: EngineClient,
  container: string,
  reader: LineReader,
  { since, tail, follow, signal }: Attachment,
): AsyncGenerator<readonly LogLine[]> {
  const doing = `read the log of ${container.slice(0, 12)}`;
  const query = { stdout: true, stderr: true, timestamps: true, follow, since, tail };
  let response: IncomingMessage;
  try {
    response = await engine.send({ path: `/containers/${container}/logs`, query, signal, doing });
  } catch (error) {
    if (signal.aborted || refusedWith(error, 404)) return;
    throw error;
  }
  yield* batches(response, reader, signal, doing);
}

/**
 * Lines as they pile up while the consumer is busy: one batch a turn of the event loop at most, and
 * the response is paused while more than a ring buffer of them waits.
 */
async function* batches(
  response: IncomingMessage,
  reader: LineReader,
  signal: AbortSignal,
  doing: string,
): AsyncGenerator<readonly LogLine[]> {
  const state: { ended: boolean; error: unknown } = { ended: false, error: undefined };
  let wake = (): void => undefined;
  const end = (error?: unknown): void => {
    if (!state.ended) Object.assign(state, { ended: true, error });
    wake();
  };
  response.on('data', (chunk: Buffer) => {
    reader.read(chunk);
    if (reader.count > limits.logRingLines) response.pause();
    if (reader.count > 0) wake();
  });
  response.once('end', () => end());
  response.once('error', end);
  response.once('close', () => end(new Error('the connection closed')));
  try {
    while (!signal.aborted) {
      if (reader.count > 0) {
        yield reader.take();
        response.resume();
      } else if (!state.ended) {
        await new Promise<void>((resolve) => {
          wake = () => setImmediate(resolve);
        });
        wake = () => undefined;
      } else break;
    }
    if (signal.aborted) return;
    reader.end();
    if (reader.count > 0) yield reader.take();
    if (state.error !== undefined) throw engineLost(state.error, doing);
  } finally {
    response.destroy();
  }
}

/** Waits while the container is stopped; false once it is gone. */
async function runsAgain(engine: EngineClient, stack: string, service: string, signal: AbortSignal): Promise<boolean> {
  for await (const _hint of changes(engine, stack, signal)) {
    const container = await inspectService(engine, stack, service, signal);
    if (!container) return false;
    if (container.State.Running) return true;
  }
  return false;
}

function levelOf({ Config }: ContainerInspectInfo, parseLine: ParseLine | undefined): ((text: string) => LogLevel | undefined) | undefined {
  const kind = kindName.safeParse(Config.Labels[label.kind]);
  return parseLine && kind.success ? (text) => parseLine(kind.data, text).level : undefined;
}
