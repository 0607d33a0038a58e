/** Whether the core can be reached, as something React can watch. */
export type Connection =
  | { kind: 'connecting' }
  | { kind: 'open'; epoch: number }
  /** Lost or refused since a time (ms since the epoch); the next attempt comes by itself. */
  | { kind: 'lost'; since: number }
  /** The core answers but was started anew since: this browser needs a fresh link. */
  | { kind: 'locked' };

let current: Connection = { kind: 'connecting' };
const listeners = new Set<() => void>();

export const connection = {
  get: (): Connection => current,
  set(next: Connection): void {
    current = next;
    for (const listener of listeners) listener();
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** Settles once the core can be reached, or rejects with the signal's reason. */
  opened(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        if (!signal.aborted && current.kind !== 'open') return;
        unsubscribe();
        signal.removeEventListener('abort', settle);
        if (signal.aborted) reject(signal.reason);
        else resolve();
      };
      const unsubscribe = connection.subscribe(settle);
      signal.addEventListener('abort', settle);
      settle();
    });
  },
};
