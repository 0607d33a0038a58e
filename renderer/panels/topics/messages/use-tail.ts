import { useCallback, useEffect, useRef, useState } from 'react';
import type { MessageRow, ProblemData, TailBatch } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { dropped } from '../../../api/dropped.ts';
import { follow } from '../../../api/stream.ts';
import { parseFrom } from '../search.ts';
import type { Place } from '../use-catalog.ts';
import { pageRows, RowStore } from './row-store.ts';

export type TailCounters = Omit<TailBatch, 'rows'>;
export type TailView = { kind: 'opening' } | { kind: 'failed'; problem: ProblemData } | { kind: 'open'; counters: TailCounters };

export interface TailHandle {
  view: TailView;
  /** The stream's id while it is open. */
  stream: string | undefined;
  /** Why the filter is not what was typed. */
  wrong: ProblemData | null;
  /** By its place in the list that is shown. */
  rowAt(index: number): MessageRow | undefined;
  want(from: number, to: number): void;
  pause(paused: boolean): void;
}

/** Follows a topic; the core reads, filters and keeps, the window asks for what is in sight. */
export function useTail({ stack, service }: Place, topic: string, from: string | undefined, filter: string): TailHandle {
  const [view, setView] = useState<TailView>({ kind: 'opening' });
  const [stream, setStream] = useState<string>();
  const [wrong, setWrong] = useState<ProblemData | null>(null);
  const [, redraw] = useState(0);
  const store = useRef(new RowStore());
  const first = useRef(0);
  const applied = useRef('');
  const wanted = useRef(filter);
  wanted.current = filter;

  useEffect(() => {
    let lost = 0;
    setView({ kind: 'opening' });
    return follow<TailBatch>({
      open: (id, signal) => {
        store.current = new RowStore();
        lost = 0;
        applied.current = '';
        return api.topics.tail({ stack, service, topic, stream: id, from: parseFrom(from) }, { signal });
      },
      onBatch: ({ rows, ...counters }, id) => {
        store.current.put(rows);
        first.current = counters.first;
        if (counters.dropped > lost) dropped.add(counters.dropped - lost);
        lost = counters.dropped;
        setStream(id);
        setView({ kind: 'open', counters });
      },
      onEnd: (outcome) => {
        setStream(undefined);
        if (outcome.kind === 'failed') setView(outcome);
      },
      reopenAfter: 2_000,
    });
  }, [stack, service, topic, from]);

  useEffect(() => {
    if (stream === undefined || filter === applied.current) {
      if (filter === applied.current) setWrong(null);
      return;
    }
    let stale = false;
    api.topics.tailFilter({ stream, filter }).then(
      () => {
        if (stale) return;
        applied.current = filter;
        // Places are counted anew.
        store.current.clear();
        setWrong(null);
        redraw((drawn) => drawn + 1);
      },
      (error) => {
        if (!stale) setWrong(problemOf(error));
      },
    );
    return () => {
      stale = true;
    };
  }, [stream, filter]);

  const rowAt = useCallback((index: number) => store.current.at(first.current + index), []);
  return {
    view,
    stream,
    wrong,
    rowAt,
    want(from, to) {
      if (stream === undefined || view.kind !== 'open') return;
      const at = store.current;
      for (const page of at.missing(view.counters.first + from, Math.min(view.counters.end, view.counters.first + to))) {
        api.topics
          .tailPage({ stream, from: page, count: pageRows })
          .then((rows) => at.put(rows))
          .catch(() => undefined)
          .finally(() => {
            at.answered(page);
            redraw((drawn) => drawn + 1);
          });
      }
    },
    pause: (paused) => stream !== undefined && void api.topics.tailPause({ stream, paused }).catch(() => undefined),
  };
}
