/** Changes as they happen, from the server's change stream, to a reader that may be slower. */
import type { ChangeStream, ChangeStreamDocument, Document } from 'mongodb';
import type { DocumentChangeEvent } from '../../../../preload/contract/documents.ts';
import { limits } from '../../../limits.ts';
import { bytesOf, ejsonOf, ejsonOfElement, exactly } from '../bson/ejson.ts';
import { elementNamed } from '../bson/reader.ts';
import { failure } from './failure.ts';
import type { Link } from './link.ts';
import { plain } from './plain.ts';
import { readPipeline } from './query.ts';

export interface WatchAsked {
  /** None: all databases. */
  readonly database?: string;
  /** None: all collections. */
  readonly collection?: string;
  readonly pipeline: string;
}

export interface WatchBatch {
  events: DocumentChangeEvent[];
  /** Changes so far. */
  total: number;
  /** Those that were let go because they came faster than they were taken. */
  dropped: number;
  watching: boolean;
}

/** Ends with the signal. The first batch tells that it watches. @throws NoodleError not-supported-by-server, bad-argument, service-unreachable */
export async function* watched(link: Link, asked: WatchAsked, signal: AbortSignal): AsyncGenerator<WatchBatch> {
  const pipeline = readPipeline(asked.pipeline);
  const client = await link.told(signal, () => link.client());
  const options = { fullDocument: 'updateLookup', ...exactly } as const;
  const of =
    asked.database === undefined
      ? client
      : asked.collection === undefined
        ? client.db(asked.database)
        : client.db(asked.database).collection(asked.collection);
  const stream = of.watch(pipeline as unknown as Document[], options) as ChangeStream;
  const kept = new Kept(asked);
  const stop = () => void stream.close().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  void reading(stream, kept);
  try {
    await started(stream, kept, signal);
    if (kept.error === undefined) yield kept.batch();
    while (!kept.ended) {
      await kept.news(signal);
      await new Promise((resolve) => setTimeout(resolve, limits.streamBatchInterval));
      yield kept.batch();
    }
    if (kept.error !== undefined && !signal.aborted) throw failure(kept.error, link.connection);
  } finally {
    signal.removeEventListener('abort', stop);
    await stream.close().catch(() => {});
  }
}

async function reading(stream: ChangeStream, kept: Kept): Promise<void> {
  try {
    for (;;) kept.take(await stream.next());
  } catch (error) {
    kept.end(error);
  }
}

/** The driver opens the cursor behind our back: what is written after this is told. */
function started(stream: ChangeStream, kept: Kept, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => resolve();
    stream.once('init', done);
    stream.once('resumeTokenChanged', done);
    kept.onEnd = done;
    signal.addEventListener('abort', done, { once: true });
    // A server that never tells a resume token while nothing changes is taken at its word.
    setTimeout(done, 1_000).unref();
  });
}

class Kept {
  ended = false;
  error: unknown;
  onEnd: () => void = () => {};
  readonly #asked: WatchAsked;
  #events: DocumentChangeEvent[] = [];
  #total = 0;
  #dropped = 0;
  #wake: () => void = () => {};

  constructor(asked: WatchAsked) {
    this.#asked = asked;
  }

  take(change: ChangeStreamDocument): void {
    this.#events.push(told(change as unknown as Document, this.#total++, this.#asked));
    if (this.#events.length > limits.documentChangesKept) {
      this.#events.shift();
      this.#dropped++;
    }
    this.#wake();
  }

  end(error: unknown): void {
    this.error ??= error;
    this.ended = true;
    this.onEnd();
    this.#wake();
  }

  batch(): WatchBatch {
    const events = this.#events;
    this.#events = [];
    return { events, total: this.#total, dropped: this.#dropped, watching: !this.ended };
  }

  news(signal: AbortSignal): Promise<void> {
    if (this.#events.length > 0 || this.ended || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

function told(change: Document, at: number, asked: WatchAsked): DocumentChangeEvent {
  const { _id: _, ...rest } = change;
  const bytes = bytesOf(rest);
  const key = change.documentKey ? bytesOf(change.documentKey as Document) : undefined;
  const id = key && elementNamed(key, '_id');
  return {
    at,
    operation: String(plain(change.operationType)),
    database: String(plain(change.ns?.db) ?? asked.database ?? ''),
    collection: String(plain(change.ns?.coll) ?? asked.collection ?? ''),
    id: key && id ? ejsonOfElement(key, id) : null,
    time: change.wallTime instanceof Date ? change.wallTime.getTime() : Date.now(),
    ejson: bytes.length > limits.documentChangeBytes ? null : ejsonOf(bytes),
    bytes: bytes.length,
  };
}
