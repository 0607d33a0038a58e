/** How many items streams of this window have dropped because it was too slow. */
let total = 0;
const listeners = new Set<() => void>();

export const dropped = {
  get: (): number => total,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  add(more: number): void {
    if (more <= 0) return;
    total += more;
    for (const listener of listeners) listener();
  },
};
