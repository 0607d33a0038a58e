/** How long the core took to answer the last measured call, in ms; null before the first. */
let last: number | null = null;
const listeners = new Set<() => void>();

export const latency = {
  get: (): number | null => last,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  async measure<T>(call: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const answer = await call();
    last = performance.now() - began;
    for (const listener of listeners) listener();
    return answer;
  },
};
