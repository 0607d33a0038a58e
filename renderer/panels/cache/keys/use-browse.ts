import { useCallback, useEffect, useRef, useState } from 'react';
import type { BrowseState, KeyRow, ProblemData, RedisType } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { follow } from '../../../api/stream.ts';
import type { Target } from '../context.ts';
import { RowPages } from './row-pages.ts';

export type BrowseView = { kind: 'loading' } | { kind: 'failed'; problem: ProblemData } | { kind: 'open'; state: BrowseState };

export interface Browse {
  view: BrowseView;
  /** Rows of the tree as it stands open. */
  rows: number;
  rowAt: (index: number) => KeyRow | undefined;
  /** Fetches what is missing of these rows, and what is out of date. */
  want: (from: number, to: number) => void;
  /** Opens a folder that is closed, closes one that is open. */
  toggle: (prefix: string) => void;
  steer: (act: 'stop' | 'continue') => void;
  /** Scans anew; folders stay open. */
  again: () => void;
}

/** While a scan runs, rows that were fetched less than this ago (ms) are new enough. */
const fresh = 300;

/** Keys scanned by the core and fetched by the page. */
export function useBrowse({ stack, service }: Target, pattern: string, type: RedisType | null, delimiter: string): Browse {
  const [view, setView] = useState<BrowseView>({ kind: 'loading' });
  const [round, setRound] = useState(0);
  const [, redraw] = useState(0);
  const stream = useRef<string | undefined>(undefined);
  const pages = useRef(new RowPages());
  const open = useRef(new Set<string>());

  // biome-ignore lint/correctness/useExhaustiveDependencies: another round is another scan
  useEffect(() => {
    // What is shown stays until the new rows are there.
    return follow<BrowseState>({
      open: (id, signal) => {
        stream.current = id;
        pages.current.outdate();
        return api.cache.browse(
          { stack, service, stream: id, pattern, type, delimiter, open: [...open.current].slice(0, 500) },
          { signal },
        );
      },
      onBatch: (state) => setView({ kind: 'open', state }),
      onEnd: (outcome) => {
        stream.current = undefined;
        if (outcome.kind === 'failed') setView(outcome);
      },
      reopenAfter: 2000,
    });
  }, [stack, service, pattern, type, delimiter, round]);

  const state = view.kind === 'open' ? view.state : undefined;
  const want = (from: number, to: number) => {
    const id = stream.current;
    if (id === undefined || state === undefined) return;
    for (const number of pages.current.wanted(from, Math.min(to, state.rows), state.version, state.state === 'scanning' ? fresh : 0)) {
      api.cache
        .rows({ stream: id, from: number * RowPages.size, count: RowPages.size })
        .then(({ version, rows }) => {
          if (stream.current === id) pages.current.put(number, version, rows);
        })
        .then(
          () => redraw((drawn) => drawn + 1),
          // The server may be away: it is asked again, and not at every turn.
          () =>
            setTimeout(() => {
              pages.current.failed(number);
              redraw((drawn) => drawn + 1);
            }, 1_000),
        );
    }
  };
  const toggle = useCallback((prefix: string) => {
    const opened = !open.current.delete(prefix);
    if (opened) open.current.add(prefix);
    const id = stream.current;
    if (id === undefined) return;
    api.cache.toggle({ stream: id, prefix, open: opened }).then((next) => setView({ kind: 'open', state: next }), tell);
  }, []);

  return {
    view,
    rows: state?.rows ?? 0,
    rowAt: (index) => pages.current.at(index),
    want,
    toggle,
    steer: (act) => {
      if (stream.current !== undefined) api.cache.steer({ stream: stream.current, act }).catch(tell);
    },
    again: () => setRound((before) => before + 1),
  };
}
