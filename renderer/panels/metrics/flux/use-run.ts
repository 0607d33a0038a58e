import { useCallback, useEffect, useRef, useState } from 'react';
import type { FluxProgress, FluxRow, MetricRange, ProblemData } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import { follow } from '../../../api/stream.ts';
import { RowPages } from './row-pages.ts';

export type RunView =
  | { kind: 'none' }
  /** Begun, and nothing told yet. */
  | { kind: 'begun'; at: number }
  | { kind: 'told'; progress: FluxProgress }
  | { kind: 'cancelled' }
  | { kind: 'failed'; problem: ProblemData };

export interface Run {
  view: RunView;
  start: (text: string, range: MetricRange, pixels: number) => void;
  cancel: () => void;
  rowAt: (result: number, row: number) => FluxRow | undefined;
  /** Fetches what is missing of these rows. */
  want: (result: number, from: number, to: number) => void;
}

/** One query at a time: the rows stay in the core, and are fetched by the page. */
export function useRun(input: { stack: string; service: string }): Run {
  const [view, setView] = useState<RunView>({ kind: 'none' });
  const [, redraw] = useState(0);
  const closing = useRef<(() => void) | null>(null);
  const run = useRef<string | null>(null);
  const pages = useRef(new RowPages());
  const forget = useCallback(() => {
    closing.current?.();
    closing.current = null;
    if (run.current !== null) void api.metrics.flux.forget({ ...input, run: run.current }).catch(() => undefined);
    run.current = null;
    pages.current = new RowPages();
  }, [input]);
  useEffect(() => forget, [forget]);

  return {
    view,
    start(text, range, pixels) {
      forget();
      setView({ kind: 'begun', at: Date.now() });
      let last: FluxProgress | null = null;
      closing.current = follow<FluxProgress>({
        open: (stream, signal) => api.metrics.flux.run({ ...input, stream, text, range, pixels }, { signal }),
        onBatch: (progress) => {
          last = progress;
          run.current = progress.run;
          setView({ kind: 'told', progress });
        },
        onEnd: (outcome) => {
          if (outcome.kind === 'failed') setView({ kind: 'failed', problem: outcome.problem });
          else if (last?.state !== 'done') setView({ kind: 'cancelled' });
        },
      });
    },
    cancel() {
      closing.current?.();
      closing.current = null;
      setView((before) =>
        before.kind === 'told' ? { kind: 'told', progress: { ...before.progress, state: 'done', cut: true } } : { kind: 'cancelled' },
      );
    },
    rowAt: (result, row) => pages.current.at(result, row),
    want(result, from, to) {
      const id = run.current;
      if (id === null) return;
      const into = pages.current;
      const rows = view.kind === 'told' ? (view.progress.results[result]?.rows ?? 0) : 0;
      for (const page of into.missing(result, from, Math.min(to, rows))) {
        api.metrics.flux
          .page({ ...input, run: id, result, ...page })
          .then((found) => into.put(result, page.from, found))
          .catch(() => into.failed(result, page.from))
          .finally(() => redraw((drawn) => drawn + 1));
      }
    },
  };
}
