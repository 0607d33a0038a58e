import type { LogLine } from '../../../preload/contract/models.ts';

type Batch = readonly LogLine[];

/** A source that has said nothing for this long (ms) no longer holds the others back; one that has yet to begin is given longer. */
const quietAfter = 200;
const silentAtFirst = 2_000;

/**
 * Several services' lines as one, by time. Each source is in order by itself. A line waits only
 * while another source that is still reading might have an older one; at most one batch a source
 * is held, so a slow consumer slows the sources. An empty batch says that a source has nothing for now.
 */
export async function* mergeLogs(sources: readonly AsyncIterable<Batch>[]): AsyncGenerator<Batch> {
  if (sources.length === 1) {
    yield* sources[0]!;
    return;
  }
  const heads = sources.map((source) => new Head(source[Symbol.asyncIterator]()));
  try {
    for (;;) {
      for (const head of heads) head.pull();
      await settled(heads);
      const ready = heads.filter((head) => head.state.is === 'batch');
      if (ready.length === 0) {
        if (heads.every((head) => head.state.is === 'ended')) return;
        await Promise.race(heads.flatMap((head) => (head.state.is === 'waiting' ? [head.state.arrived] : [])));
        continue;
      }
      yield takeOldest(ready);
    }
  } finally {
    await Promise.all(heads.map((head) => head.close()));
  }
}

type HeadState =
  | { readonly is: 'idle' }
  | { readonly is: 'waiting'; readonly arrived: Promise<void>; readonly until: number }
  | { readonly is: 'batch'; readonly lines: Batch; readonly from: number }
  | { readonly is: 'ended' }
  | { readonly is: 'failed'; readonly error: unknown };

class Head {
  state: HeadState = { is: 'idle' };
  private patience = silentAtFirst;
  private readonly iterator: AsyncIterator<Batch>;

  constructor(iterator: AsyncIterator<Batch>) {
    this.iterator = iterator;
  }

  pull(): void {
    if (this.state.is === 'failed') throw this.state.error;
    if (this.state.is !== 'idle') return;
    const arrived = this.iterator.next().then(
      (result) => {
        this.patience = quietAfter;
        this.state = result.done
          ? { is: 'ended' }
          : result.value.length > 0
            ? { is: 'batch', lines: result.value, from: 0 }
            : { is: 'idle' };
      },
      (error: unknown) => {
        this.state = { is: 'failed', error };
      },
    );
    this.state = { is: 'waiting', arrived, until: performance.now() + this.patience };
  }

  /** The oldest line's time; only while in state `batch`. */
  get time(): number {
    return this.state.is === 'batch' ? this.state.lines[this.state.from]!.time : Number.POSITIVE_INFINITY;
  }

  /** Takes lines up to and including `until`. */
  take(until: number): Batch {
    if (this.state.is !== 'batch') return [];
    const { lines, from } = this.state;
    let to = from + 1;
    while (to < lines.length && lines[to]!.time <= until) to++;
    this.state = to === lines.length ? { is: 'idle' } : { is: 'batch', lines, from: to };
    return from === 0 && to === lines.length ? lines : lines.slice(from, to);
  }

  async close(): Promise<void> {
    // A source that waits for its next line cannot be returned from before it comes; its signal ends it.
    if (this.state.is !== 'waiting') await this.iterator.return?.();
  }
}

/** Waits for every source that is reading, but for none longer than its patience. */
async function settled(heads: readonly Head[]): Promise<void> {
  for (;;) {
    const now = performance.now();
    const reading = heads.flatMap(({ state }) => (state.is === 'waiting' && now < state.until ? [state] : []));
    if (reading.length === 0 || !heads.some(({ state }) => state.is === 'batch')) return;
    const patience = Math.max(...reading.map(({ until }) => until - now));
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    await Promise.race([Promise.all(reading.map(({ arrived }) => arrived)), timeout]);
    clearTimeout(timer);
  }
}

function takeOldest(ready: readonly Head[]): Batch {
  let oldest = ready[0]!;
  let next = Number.POSITIVE_INFINITY;
  for (const head of ready.slice(1)) {
    if (head.time < oldest.time) {
      next = Math.min(next, oldest.time);
      oldest = head;
    } else next = Math.min(next, head.time);
  }
  return oldest.take(next);
}
