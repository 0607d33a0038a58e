/** A topic as it is followed by a window: what was read of late, filtered, and paged through. */
import type { MessageRow, ProblemData, TailBatch, TailFrom } from '../../../../preload/contract/index.ts';
import type { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { type Filter, parseFilter } from '../filter/filter.ts';
import type { Version } from '../schemas/registry.ts';
import { Queue } from './queue.ts';
import type { RawMessage } from './raw.ts';
import { rowOf } from './row.ts';
import type { Source, SourceListener } from './source.ts';
import { subjectOf } from './subject.ts';

export interface Kept {
  readonly raw: RawMessage;
  readonly partition: number | null;
}

/** What stays in sight while paused. */
interface Held {
  readonly all: readonly Kept[];
  shown: readonly Kept[];
  /** Place of the first of them. */
  first: number;
  /** How many had passed when it was paused. */
  readonly passed: number;
}

export interface TailOptions {
  readonly from: TailFrom;
  readonly filter: string;
  /** Schemas of the topic, as they are now. */
  versions(): readonly Version[];
  /** Told when it is closed. */
  onClose?(): void;
  /** How many messages and bytes are kept; default: the limits. */
  readonly room?: { readonly messages: number; readonly bytes: number };
}

export class Tail {
  readonly #options: TailOptions;
  readonly #room: { readonly messages: number; readonly bytes: number };
  readonly #all = new Queue<Kept>();
  #shown = new Queue<Kept>();
  #filter: Filter;
  /** Place of the first of those shown: how many passed before it. */
  #first = 0;
  #bytes = 0;
  #seen = 0;
  #dropped = 0;
  #held: Held | undefined;
  /** From a place in the past the beginning is what a person wants to see: it is held when there is no more room. */
  #holdsBeginning: boolean;
  #state: TailBatch['state'] = 'opening';
  #problem: ProblemData | null = null;
  #rate = 0;
  #rateFrom = { at: performance.now(), seen: 0 };
  #changed = true;
  #wake = Promise.withResolvers<void>();
  #source: Promise<Source> | undefined;

  /** @throws NoodleError bad-argument for a filter that cannot be understood */
  constructor(options: TailOptions) {
    this.#options = options;
    this.#room = options.room ?? { messages: limits.topicsRingMessages, bytes: limits.topicsRingBytes };
    this.#filter = parseFilter(options.filter);
    this.#holdsBeginning = options.from.kind !== 'latest' && options.from.kind !== 'last';
  }

  /** Begins to read. @throws what the source throws when it cannot be opened */
  async start(open: (listener: SourceListener) => Promise<Source>): Promise<void> {
    this.#source = open({
      onMessage: (raw, partition) => this.take(raw, partition),
      onReading: () => this.#now('reading', null),
      onAway: (error: NoodleError) => this.#now('away', error.problem),
    });
    await this.#source;
    if (this.#state === 'opening') this.#now('reading', null);
  }

  take(raw: RawMessage, partition: number | null): void {
    const kept: Kept = { raw, partition };
    this.#seen++;
    this.#bytes += weight(kept);
    this.#all.push(kept);
    if (this.#filter.all || this.#filter.test(subjectOf(raw, this.#options.versions()))) this.#shown.push(kept);
    if (this.#isFull()) this.#makeRoom();
    if (!this.#changed) this.#tellChange();
  }

  #isFull(): boolean {
    return this.#all.length > this.#room.messages || (this.#bytes > this.#room.bytes && this.#all.length > 1);
  }

  #makeRoom(): void {
    if (this.#holdsBeginning && !this.#held) this.pause(true);
    while (this.#isFull()) {
      const gone = this.#all.shift()!;
      this.#bytes -= weight(gone);
      if (this.#shown.at(0) !== gone) continue;
      this.#shown.shift();
      this.#first++;
      this.#dropped++;
    }
  }

  /** Paused, what is shown stays as it is; reading and counting go on. */
  pause(paused: boolean): void {
    if (paused && !this.#held) {
      this.#held = { all: [...this.#all], shown: [...this.#shown], first: this.#first, passed: this.#passed };
    } else if (!paused) {
      this.#held = undefined;
      this.#holdsBeginning = false;
    }
    this.#tellChange();
  }

  /** @throws NoodleError bad-argument, with the place */
  filter(text: string): { readonly matched: number } {
    this.#filter = parseFilter(text);
    this.#shown = new Queue();
    this.#first = 0;
    this.#dropped = 0;
    for (const kept of this.#all) if (this.#passes(kept)) this.#shown.push(kept);
    if (this.#held) {
      this.#held.shown = this.#held.all.filter((kept) => this.#passes(kept));
      this.#held.first = 0;
    }
    this.#tellChange();
    return { matched: this.#passed };
  }

  #passes({ raw }: Kept): boolean {
    return this.#filter.all || this.#filter.test(subjectOf(raw, this.#options.versions()));
  }

  /** Those that passed since the filter was set, of what was kept then and came since. */
  get #passed(): number {
    return this.#first + this.#shown.length;
  }

  /** Rows by their place; those that are not kept any more are left out. */
  page(from: number, count: number): MessageRow[] {
    const first = this.#held?.first ?? this.#first;
    const found = this.#held
      ? this.#held.shown.slice(Math.max(0, from - first), Math.max(0, from - first + count))
      : this.#shown.slice(from - first, from - first + count);
    const versions = this.#options.versions();
    return found.map(({ raw, partition }, at) => rowOf(raw, partition, Math.max(from, first) + at, versions));
  }

  /** A message that is still kept, by its id in base64 form's parts. */
  kept(matches: (raw: RawMessage) => boolean): Kept | undefined {
    for (const kept of this.#held?.shown ?? []) if (matches(kept.raw)) return kept;
    for (const kept of this.#all) if (matches(kept.raw)) return kept;
    return undefined;
  }

  versions(): readonly Version[] {
    return this.#options.versions();
  }

  /** What is shown now, oldest first. */
  shown(): readonly Kept[] {
    return this.#held?.shown ?? [...this.#shown];
  }

  /** Counters and the newest rows after every change, at most every `limits.streamBatchInterval`. */
  async *batches(signal: AbortSignal): AsyncGenerator<TailBatch> {
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    let sent = 0;
    while (!signal.aborted) {
      this.#changed = false;
      this.#wake = Promise.withResolvers();
      const batch = this.#batch(sent);
      sent = batch.end;
      yield batch;
      // The rate falls to nothing by itself: it is told once more when nothing comes.
      const quiet = this.#rate > 0 ? pause(1_000) : new Promise<void>(() => undefined);
      await Promise.race([this.#wake.promise, stopped, quiet]);
      await Promise.race([pause(limits.streamBatchInterval), stopped]);
    }
  }

  #batch(sent: number): TailBatch {
    const first = this.#held?.first ?? this.#first;
    const end = first + (this.#held ? this.#held.shown.length : this.#shown.length);
    const from = Math.max(first, sent > end ? first : sent, end - limits.topicsBatchRows);
    return {
      seen: this.#seen,
      matched: this.#passed,
      first,
      end,
      dropped: this.#dropped,
      room: this.#room.messages,
      paused: this.#held !== undefined,
      since: this.#held ? Math.max(0, this.#passed - this.#held.passed) : 0,
      rate: this.#rateNow(),
      state: this.#state,
      problem: this.#problem,
      rows: end > from ? this.page(from, end - from) : [],
    };
  }

  #rateNow(): number {
    const now = performance.now();
    const span = now - this.#rateFrom.at;
    if (span >= 1_000) {
      this.#rate = Math.round(((this.#seen - this.#rateFrom.seen) * 1_000) / span);
      this.#rateFrom = { at: now, seen: this.#seen };
    }
    return this.#rate;
  }

  #now(state: TailBatch['state'], problem: ProblemData | null): void {
    this.#state = state;
    this.#problem = problem;
    this.#tellChange();
  }

  #tellChange(): void {
    this.#changed = true;
    this.#wake.resolve();
  }

  async close(): Promise<void> {
    this.#options.onClose?.();
    await (await this.#source?.catch(() => undefined))?.close();
  }
}

/** What a message takes of the room for bytes. */
function weight({ raw }: Kept): number {
  return raw.payload.length + 200;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
