import { useSyncExternalStore } from 'react';
import { changeCount, type Edits, noEdits } from './edits.ts';

/** Edits of this window that are not saved, by their tab: they stay while another tab is in sight. */
let pending: ReadonlyMap<string, Edits> = new Map();
const listeners = new Set<() => void>();

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function setEdits(tab: string, edits: Edits): void {
  const next = new Map(pending);
  if (changeCount(edits) === 0) next.delete(tab);
  else next.set(tab, edits);
  pending = next;
  for (const listener of listeners) listener();
}

export function useEdits(tab: string): [Edits, (change: (edits: Edits) => Edits) => void] {
  const all = useSyncExternalStore(subscribe, () => pending);
  return [all.get(tab) ?? noEdits, (change) => setEdits(tab, change(pending.get(tab) ?? noEdits))];
}

/** Tabs with edits. */
export function usePending(): ReadonlyMap<string, Edits> {
  return useSyncExternalStore(subscribe, () => pending);
}
