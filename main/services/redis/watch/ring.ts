/** What is kept for a slow reader: the newest; what had to go is counted. */
export class Ring<T> {
  readonly #most: number;
  #items: T[] = [];
  dropped = 0;
  #wake: (() => void) | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  push(item: T): void {
    this.#items.push(item);
    // Trimmed now and then: taking from the front each time would move all the others.
    if (this.#items.length > this.#most * 2) this.#trim();
    this.wake();
  }

  take(): T[] {
    this.#trim();
    const items = this.#items;
    this.#items = [];
    return items;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  wake(): void {
    this.#wake?.();
  }

  /** Waits until there is something, or the time (ms) has passed, or the signal is given. */
  async filled(signal: AbortSignal, most: number): Promise<void> {
    if (!this.isEmpty || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, most);
      function done() {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      this.#wake = done;
      signal.addEventListener('abort', done, { once: true });
    });
    this.#wake = undefined;
  }

  #trim(): void {
    const over = this.#items.length - this.#most;
    if (over <= 0) return;
    this.dropped += over;
    this.#items = this.#items.slice(over);
  }
}
