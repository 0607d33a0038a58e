import { useEffect, useState } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import type { RunView, SqlParam, TransactionState } from '../../../../preload/contract/sql.ts';
import { tell } from '../../../api/actions.tsx';
import { api, problemOf } from '../../../api/client.ts';
import { follow } from '../../../api/stream.ts';
import type { Draft } from '../tabs/use-draft.ts';

export interface RunState {
  view: RunView | null;
  transaction: TransactionState;
  /** Where the text that was run begins in the editor. */
  base: number;
  /** Why it could not begin. */
  refused: ProblemData | null;
  /** Between the click and the core's first word. */
  starting: boolean;
}

/** Where each tab's last run began in its text, and what the text was: places of errors are told from there, until it is another. */
const bases = new Map<string, { base: number; text: string }>();

const nothing: RunState = { view: null, transaction: 'none', base: 0, refused: null, starting: false };

/** What runs, or ran, in a tab. The core keeps it: leaving the panel ends nothing. */
export function useRun(stack: string, service: string, tab: string) {
  const [state, setState] = useState<RunState>(nothing);
  const [followed, setFollowed] = useState<string | null>(null);
  const place = { stack, service, tab };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is these three
  useEffect(() => {
    api.sql.tab(place).then(({ transaction, run }) => {
      setState((before) =>
        before.view || before.starting ? before : { ...nothing, view: run, transaction, base: bases.get(tab)?.base ?? 0 },
      );
      if (run?.state === 'running') setFollowed(run.run);
    }, tell);
  }, [stack, service, tab]);

  useEffect(() => {
    if (followed === null) return;
    return follow<RunView>({
      open: (stream, signal) => api.sql.watch({ stack, service, run: followed, stream }, { signal }),
      onBatch: (view) =>
        setState((before) => (before.view?.run === view.run ? { ...before, view, transaction: view.transaction } : before)),
      onEnd: (outcome) => {
        if (outcome.kind === 'failed') setState((before) => ({ ...before, refused: outcome.problem, view: null }));
      },
    });
  }, [stack, service, followed]);

  const start = async (text: string, base: number, draft: Draft, params: Record<string, SqlParam>) => {
    setState((before) => ({ ...before, refused: null, starting: true, base }));
    bases.set(tab, { base, text: draft.text });
    const { readOnly, timeout, transactions } = draft;
    try {
      const view = await api.sql.run({ ...place, text, params, readOnly, timeout, transactions });
      setState({ view, transaction: view.transaction, base, refused: null, starting: false });
      setFollowed(view.run);
    } catch (error) {
      setState((before) => ({ ...before, refused: problemOf(error), view: null, starting: false }));
    }
  };
  return {
    state,
    start,
    cancel: () => {
      if (state.view) api.sql.cancel({ stack, service, run: state.view.run }).catch(tell);
    },
    end: (how: 'commit' | 'rollback') =>
      void api.sql.end({ ...place, how }).then(({ transaction }) => setState((before) => ({ ...before, transaction })), tell),
    /** The first thing that went wrong, with its place in the editor's text. */
    problemIn: (text: string) => (bases.get(tab)?.text === text ? problemAt(state) : null),
  };
}

function problemAt({ view, refused, base }: RunState): { offset: number; length: number; message: string } | null {
  const problem = refused ?? view?.problem ?? view?.statements.find((each) => each.problem)?.problem;
  if (!problem?.at) return null;
  return { offset: base + problem.at.offset, length: problem.at.length, message: problem.what };
}
