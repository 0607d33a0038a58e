import type { ProblemData } from '../../preload/contract/index.ts';
import { api, problemOf } from './client.ts';
import { connection } from './connection.ts';

export type StreamOutcome = { kind: 'ended' } | { kind: 'failed'; problem: ProblemData };

interface StreamOptions<T> {
  /** Calls the API with the id made up for this opening and the signal that ends it. */
  open: (stream: string, signal: AbortSignal) => Promise<AsyncIterable<T>>;
  onBatch: (batch: T, stream: string) => void;
  /** Told when the core ended the stream or refused it; a lost connection is not an end. */
  onEnd?: (outcome: StreamOutcome) => void;
  /** Open it anew this long (ms) after an end; without it an end is final. */
  reopenAfter?: number;
}

/** Keeps a stream open over lost connections, granting credit for each batch taken in. Returns what closes it. */
export function follow<T>(options: StreamOptions<T>): () => void {
  const closed = new AbortController();
  void run(options, closed.signal).catch(() => undefined);
  return () => closed.abort(new Error('closed'));
}

async function run<T>(options: StreamOptions<T>, signal: AbortSignal): Promise<void> {
  for (;;) {
    await connection.opened(signal);
    const epoch = epochNow();
    const outcome = await takeIn(options, signal);
    if (signal.aborted) return;
    if (epochNow() !== epoch) continue;
    options.onEnd?.(outcome);
    if (options.reopenAfter === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, options.reopenAfter));
  }
}

async function takeIn<T>({ open, onBatch }: StreamOptions<T>, signal: AbortSignal): Promise<StreamOutcome> {
  const stream = crypto.randomUUID();
  try {
    for await (const batch of await open(stream, signal)) {
      if (signal.aborted) break;
      onBatch(batch, stream);
      void api.streams.grant({ stream, credit: 1 }).catch(() => undefined);
    }
    return { kind: 'ended' };
  } catch (error) {
    return { kind: 'failed', problem: problemOf(error) };
  }
}

/** Which opening of the connection this is; null while there is none. */
function epochNow(): number | null {
  const now = connection.get();
  return now.kind === 'open' ? now.epoch : null;
}
