import { limits } from '../limits.ts';

/**
 * Holds a stream back to what its reader has room for. The reader begins with `limits.streamCredit`
 * batches and grants more as it takes them in. A batch is made only when there is credit for it, so
 * what a slow reader gets is always the newest.
 */
export class Credits {
  private readonly gates = new Map<string, Gate>();

  /** @param stream the id that the reader made up; grants name it */
  async *hold<T>(stream: string, source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
    const gate = new Gate(signal);
    this.gates.set(stream, gate);
    const iterator = source[Symbol.asyncIterator]();
    try {
      while (await gate.pass()) {
        const { done, value } = await iterator.next();
        if (done) return;
        yield value;
      }
    } finally {
      if (this.gates.get(stream) === gate) this.gates.delete(stream);
      await iterator.return?.();
    }
  }

  /** A grant for a stream that has ended is nothing. */
  grant(stream: string, credit: number): void {
    this.gates.get(stream)?.open(credit);
  }

  /** Streams that are open now. */
  get size(): number {
    return this.gates.size;
  }
}

class Gate {
  private credit: number = limits.streamCredit;
  private wake: (() => void) | undefined;
  private readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.signal = signal;
    signal.addEventListener('abort', () => this.wake?.(), { once: true });
  }

  /** Takes one credit, waiting for it. @returns false when the signal was given instead */
  async pass(): Promise<boolean> {
    while (this.credit === 0 && !this.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    if (this.signal.aborted) return false;
    this.credit--;
    return true;
  }

  open(credit: number): void {
    this.credit = Math.min(this.credit + credit, limits.streamCreditMost);
    this.wake?.();
  }
}
