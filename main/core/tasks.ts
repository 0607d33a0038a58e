import { randomUUID } from 'node:crypto';
import type { TaskEvent, TaskKind, TaskSummary } from '../../preload/contract/models.ts';
import { asNoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { RunOptions, Tasks } from './core.ts';

interface Entry {
  summary: TaskSummary;
  readonly abort: AbortController;
  /** The events told so far, numbered from the first. Where there are too many, only the newest progress of each operation is kept. */
  events: Told[];
  count: number;
  readonly listeners: Set<() => void>;
}

interface Told {
  readonly number: number;
  readonly event: TaskEvent;
}

/** Long acts that windows start. They go on when the window closes; `watch` tells each from its beginning. */
export function createTasks(): Tasks {
  const entries = new Map<string, Entry>();

  const tell = (entry: Entry, event: TaskEvent): void => {
    entry.events.push({ number: entry.count++, event });
    if (entry.events.length > limits.operationEvents) entry.events = thinnedOut(entry.events);
    for (const listener of entry.listeners) listener();
  };

  const run = async (entry: Entry, act: (options: RunOptions) => Promise<void>): Promise<void> => {
    const begun = performance.now();
    try {
      await act({ signal: entry.abort.signal, onEvent: (event) => tell(entry, event) });
      entry.summary = { ...entry.summary, state: 'done' };
      tell(entry, { type: 'result', ok: true, took: Math.round(performance.now() - begun) });
    } catch (thrown) {
      const { problem } = asNoodleError(thrown);
      entry.summary = { ...entry.summary, state: problem.code === 'cancelled' ? 'cancelled' : 'failed', problem };
      tell(entry, { type: 'result', ok: false, took: Math.round(performance.now() - begun), problem });
    }
    forgetOldest(entries);
  };

  return {
    start(kind: TaskKind, stack: string, title: string, act) {
      const summary: TaskSummary = { id: randomUUID(), kind, stack, title, startedAt: Date.now(), state: 'running', problem: null };
      const entry: Entry = { summary, abort: new AbortController(), events: [], count: 0, listeners: new Set() };
      entries.set(summary.id, entry);
      void run(entry, act);
      return summary;
    },

    list: (stack) =>
      [...entries.values()]
        .map(({ summary }) => summary)
        .filter((summary) => summary.stack === stack)
        .sort((a, b) => b.startedAt - a.startedAt),

    async *watch(id, signal) {
      const entry = entries.get(id);
      if (!entry) return;
      let told = 0;
      for (;;) {
        const fresh = entry.events.filter(({ number }) => number >= told).map(({ event }) => event);
        told = entry.count;
        if (fresh.length > 0) yield fresh;
        if (signal.aborted || (entry.summary.state !== 'running' && told === entry.count)) return;
        await changed(entry, told, signal);
      }
    },

    cancel(id) {
      entries.get(id)?.abort.abort();
    },
  };
}

/** Waits for an event after so many, and a little longer so that many come as one batch. */
async function changed(entry: Entry, told: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      entry.listeners.delete(done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    entry.listeners.add(done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted || entry.count !== told || entry.summary.state !== 'running') done();
  });
  if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, limits.streamBatchInterval));
}

/** Without all but the newest progress of each operation: the rest is of no use to a window that opens late. */
function thinnedOut(events: readonly Told[]): Told[] {
  const seen = new Set<string>();
  return events
    .toReversed()
    .filter(({ event }) => {
      if (event.type !== 'progress') return true;
      const newest = !seen.has(event.id);
      seen.add(event.id);
      return newest;
    })
    .reverse();
}

function forgetOldest(entries: Map<string, Entry>): void {
  const ended = [...entries.values()].filter(({ summary }) => summary.state !== 'running');
  for (const { summary } of ended.slice(0, Math.max(0, ended.length - limits.operationsKept))) entries.delete(summary.id);
}
