import type { Message } from '../messaging.ts';

interface Taker {
  take(message: Message): void;
  fail(error: unknown): void;
}

/** Messages that have come and were not taken yet. How many may come is the broker's to keep, by the permits it is given. */
export class Inbox {
  readonly #messages = new Map<string, Message>();
  readonly #takers = new Set<Taker>();
  #ended: Error | undefined;

  /** @returns false for a message that is here already: one redelivered before anyone took it */
  put(message: Message): boolean {
    if (this.#messages.has(message.id)) return false;
    const [taker] = this.#takers;
    if (taker) taker.take(message);
    else this.#messages.set(message.id, message);
    return true;
  }

  /** The oldest message; waits for one. What came before the end can still be taken. @throws the reason of the end, or the signal's */
  async take(signal?: AbortSignal): Promise<Message> {
    signal?.throwIfAborted();
    for (const [id, message] of this.#messages) {
      this.#messages.delete(id);
      return message;
    }
    if (this.#ended) throw this.#ended;
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#takers.delete(taker);
        signal?.removeEventListener('abort', onAbort);
      };
      const taker: Taker = {
        take: (message) => {
          leave();
          resolve(message);
        },
        fail: (error) => {
          leave();
          reject(error);
        },
      };
      const onAbort = () => taker.fail(signal?.reason);
      this.#takers.add(taker);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  end(error: Error): void {
    this.#ended = error;
    for (const taker of [...this.#takers]) taker.fail(error);
  }
}
