import { useEffect, useRef, useState } from 'react';
import type { LogLevel, LogLine, ProblemData } from '../../../preload/contract/index.ts';
import { api } from '../../api/client.ts';
import { dropped } from '../../api/dropped.ts';
import { follow } from '../../api/stream.ts';
import { PageCache, pageLines } from './pages.ts';

export type IndexedLine = LogLine & { index: number };

export interface Counters {
  total: number;
  matched: number;
  dropped: number;
  reading: boolean;
}

export type LogsView = { kind: 'loading' } | { kind: 'failed'; problem: ProblemData } | { kind: 'open'; counters: Counters };

export interface LogsFilter {
  services: string[];
  levels: LogLevel[];
  text: string;
}

export interface Logs {
  view: LogsView;
  lineAt(position: number): IndexedLine | undefined;
  /** Fetches what is missing of these positions. */
  want(from: number, to: number): void;
}

/** Pages that came, and those that are on their way. */
function nothingFetched() {
  return { pages: new PageCache<IndexedLine>(), asked: new Set<number>() };
}

/** Lines of one stack, filtered by the core and fetched by the page. */
export function useLogs(stack: string, filter: LogsFilter): Logs {
  const [view, setView] = useState<LogsView>({ kind: 'loading' });
  const [stream, setStream] = useState<string>();
  const [, redraw] = useState(0);
  const fetched = useRef(nothingFetched());

  useEffect(() => {
    let lost = 0;
    return follow<Counters>({
      open: (id, signal) => {
        fetched.current = nothingFetched();
        return api.logs.follow({ stack, stream: id }, { signal });
      },
      onBatch: (counters, id) => {
        if (counters.dropped > lost) {
          // Positions have moved: what was fetched stands elsewhere now.
          fetched.current = nothingFetched();
          dropped.add(counters.dropped - lost);
          lost = counters.dropped;
        }
        setStream(id);
        setView({ kind: 'open', counters });
      },
      onEnd: (outcome) => {
        setStream(undefined);
        if (outcome.kind === 'failed') setView(outcome);
      },
      reopenAfter: 2000,
    });
  }, [stack]);

  const services = filter.services.join(' ');
  const levels = filter.levels.join(' ');
  const { text } = filter;
  useEffect(() => {
    if (stream === undefined) return;
    let stale = false;
    const wanted = {
      services: services === '' ? [] : services.split(' '),
      levels: levels === '' ? [] : (levels.split(' ') as LogLevel[]),
      text,
    };
    api.logs
      .filter({ stream, ...wanted })
      .then(({ matched }) => {
        if (stale) return;
        fetched.current = nothingFetched();
        setView((before) => (before.kind === 'open' ? { kind: 'open', counters: { ...before.counters, matched } } : before));
      })
      .catch(() => undefined);
    return () => {
      stale = true;
    };
  }, [stream, services, levels, text]);

  const matched = view.kind === 'open' ? view.counters.matched : 0;
  return {
    view,
    lineAt: (position) => fetched.current.pages.at(position),
    want(from, to) {
      if (stream === undefined) return;
      const { pages, asked } = fetched.current;
      for (const number of pages.missing(from, to, matched)) {
        if (asked.has(number)) continue;
        asked.add(number);
        api.logs
          .page({ stream, from: number * pageLines, count: pageLines })
          .then((lines) => pages.put(number, lines))
          .catch(() => undefined)
          .finally(() => {
            asked.delete(number);
            redraw((drawn) => drawn + 1);
          });
      }
    },
  };
}
