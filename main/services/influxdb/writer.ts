import type { Point } from '@influxdata/influxdb-client';
import { limits } from '../../limits.ts';

/** Sends lines of line protocol, at most `limits.influxBatch`, and tries again by itself. */
export type SendLines = (lines: readonly string[], signal?: AbortSignal) => Promise<void>;

/** Writes all points, one batch in memory at a time, and returns when the server has them. */
export async function writeAll(send: SendLines, points: Iterable<Point> | AsyncIterable<Point>, signal?: AbortSignal): Promise<void> {
  let lines: string[] = [];
  for await (const point of points) {
    const line = point.toLineProtocol();
    if (line !== undefined) lines.push(line);
    if (lines.length < limits.influxBatch) continue;
    await send(lines, signal);
    lines = [];
  }
  if (lines.length > 0) await send(lines, signal);
}

/** Collects points that trickle in, and sends them when a batch is full or `limits.influxFlush` has passed. */
export class PointWriter {
  readonly #send: SendLines;
  readonly #onError: (error: unknown, lost: number) => void;
  #lines: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();

  /** @param onError told of a batch that was given up after all retries, and how many points it held */
  constructor(send: SendLines, onError: (error: unknown, lost: number) => void) {
    this.#send = send;
    this.#onError = onError;
  }

  /** Takes the point; waits only while a full batch is on its way, so that a fast caller cannot fill the memory. */
  async add(point: Point): Promise<void> {
    const line = point.toLineProtocol();
    if (line === undefined) return;
    this.#lines.push(line);
    this.#timer ??= setTimeout(() => void this.flush(), limits.influxFlush);
    if (this.#lines.length >= limits.influxBatch) await this.flush();
  }

  /** Sends what is held now, after what is on its way. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length > 0) {
      this.#sending = this.#sending.then(() => this.#send(lines).catch((error: unknown) => this.#onError(error, lines.length)));
    }
    return this.#sending;
  }
}
