import type { LogLevel, LogLine } from '../../../preload/contract/models.ts';
import { limits } from '../../limits.ts';
import { type LineFilter, LogSpool } from './spool.ts';

export interface LogCounters {
  /** Lines collected so far. */
  readonly total: number;
  /** Lines that pass the filter. */
  readonly matched: number;
  /** Index of the oldest line still kept. */
  readonly first: number;
  /** Lines let go because there were too many. */
  readonly dropped: number;
  /** History is still being read. */
  readonly reading: boolean;
}

/** Lines of a stack, spooled as they come; a window filters and pages through them. */
export class LogSession {
  private readonly abort = new AbortController();
  private readonly spool: Promise<LogSpool>;
  private readonly collecting: Promise<void>;
  private filterNow: LineFilter = { services: new Set(), levels: new Set(), text: '' };
  /** Indexes that pass, in order, and how far the spool was looked through; undefined while everything passes. */
  private passed: { readonly indexes: Indexes; upTo: number } | undefined;
  private looking: Promise<void> = Promise.resolve();
  private reading = true;
  private failure: unknown;
  private wake = Promise.withResolvers<void>();

  /** @param follow starts reading, from the oldest line on, until its signal is given */
  constructor(follow: (signal: AbortSignal) => AsyncIterable<readonly LogLine[]>) {
    this.spool = LogSpool.open();
    this.collecting = this.collect(follow(this.abort.signal));
  }

  async *progress(signal: AbortSignal): AsyncGenerator<LogCounters> {
    const stop = AbortSignal.any([signal, this.abort.signal]);
    const stopped = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
    let told = '';
    while (!stop.aborted) {
      const { promise } = this.wake;
      const counters = await this.counters();
      if (this.failure) throw this.failure;
      if (JSON.stringify(counters) !== told) {
        told = JSON.stringify(counters);
        yield counters;
      }
      await Promise.race([promise, stopped]);
      await new Promise((resolve) => setTimeout(resolve, limits.streamBatchInterval));
    }
  }

  async filter(filter: { services: readonly string[]; levels: readonly LogLevel[]; text: string }): Promise<{ matched: number }> {
    this.filterNow = { services: new Set(filter.services), levels: new Set(filter.levels), text: filter.text.toLowerCase() };
    const all = filter.services.length === 0 && filter.levels.length === 0 && filter.text === '';
    const spool = await this.spool;
    this.passed = all ? undefined : { indexes: new Indexes(), upTo: spool.first };
    await this.look();
    this.wakeUp();
    return { matched: (await this.counters()).matched };
  }

  /** Lines by their position among those that pass. */
  async page(from: number, count: number): Promise<readonly (LogLine & { index: number })[]> {
    const spool = await this.spool;
    if (this.passed) return spool.read(this.passed.indexes.slice(from, from + count));
    const indexes = Array.from(
      { length: Math.max(0, Math.min(count, spool.total - spool.first - from)) },
      (_, at) => spool.first + from + at,
    );
    return spool.read(indexes);
  }

  async close(): Promise<void> {
    this.abort.abort();
    this.wakeUp();
    await this.collecting;
    await this.looking;
    await (await this.spool).close();
  }

  private async collect(lines: AsyncIterable<readonly LogLine[]>): Promise<void> {
    const spool = await this.spool;
    const begun = Date.now();
    try {
      for await (const batch of lines) {
        await spool.append(batch);
        // History has been read once a line is as young as this session, or nothing has come for a while.
        if ((batch.at(-1)?.time ?? 0) >= begun) this.reading = false;
        if (this.passed) await this.look();
        this.wakeUp();
        clearTimeout(this.quiet);
        this.quiet = setTimeout(() => this.caughtUp(), 300);
      }
    } catch (error) {
      if (!this.abort.signal.aborted) this.failure = error;
    } finally {
      clearTimeout(this.quiet);
      this.caughtUp();
    }
  }

  private quiet: NodeJS.Timeout = setTimeout(() => this.caughtUp(), 1_000);

  private caughtUp(): void {
    this.reading = false;
    this.wakeUp();
  }

  /** Looks at the lines the filter has not seen yet; one at a time, since both new lines and a new filter ask for it. */
  private look(): Promise<void> {
    this.looking = this.looking.then(async () => {
      const spool = await this.spool;
      const { passed } = this;
      if (!passed) return;
      const upTo = spool.total;
      for await (const indexes of spool.matching(this.filterNow, passed.upTo, upTo)) {
        if (this.passed !== passed || this.abort.signal.aborted) return;
        passed.indexes.push(indexes);
      }
      passed.upTo = upTo;
      passed.indexes.dropBelow(spool.first);
    });
    return this.looking;
  }

  private async counters(): Promise<LogCounters> {
    const { total, first } = await this.spool;
    return { total, first, dropped: first, matched: this.passed ? this.passed.indexes.length : total - first, reading: this.reading };
  }

  private wakeUp(): void {
    this.wake.resolve();
    this.wake = Promise.withResolvers<void>();
  }
}

/** A growing list of line indexes, 8 bytes each; what is dropped at its front is only skipped. */
class Indexes {
  private values = new Float64Array(1024);
  private end = 0;
  private start = 0;

  get length(): number {
    return this.end - this.start;
  }

  push(more: readonly number[]): void {
    if (this.end + more.length > this.values.length) {
      const grown = new Float64Array(Math.max(this.values.length * 2, this.end + more.length));
      grown.set(this.values.subarray(0, this.end));
      this.values = grown;
    }
    this.values.set(more, this.end);
    this.end += more.length;
  }

  slice(from: number, to: number): number[] {
    return [...this.values.subarray(this.start + from, Math.min(this.end, this.start + to))];
  }

  dropBelow(index: number): void {
    while (this.start < this.end && this.values[this.start]! < index) this.start++;
  }
}
