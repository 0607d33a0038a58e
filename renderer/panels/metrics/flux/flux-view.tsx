import { autocompletion } from '@codemirror/autocomplete';
import { Button } from '@mantine/core';
import { useDebouncedValue, useElementSize } from '@mantine/hooks';
import { IconDeviceFloppy, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { api } from '../../../api/client.ts';
import { Editor, type RunText } from '../../../ui/editor/editor.tsx';
import { elapsed } from '../../../ui/format.ts';
import { Panes, Split } from '../../../ui/panes.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { useAfter, useNow } from '../../../ui/use-now.ts';
import { askName } from '../boards/ask-name.tsx';
import { askPin } from '../boards/ask-pin.tsx';
import { RangePicker } from '../explore/range-picker.tsx';
import css from '../metrics.module.css';
import { rangeOf } from '../search.ts';
import { useMetrics } from '../use-metrics.ts';
import { fluxCompletion } from './completion.ts';
import { HistoryPane } from './history-pane.tsx';
import { flux } from './language.ts';
import { fluxNames } from './names.ts';
import { RunResults } from './run-results.tsx';
import { useRun } from './use-run.ts';

interface FluxViewProps {
  text: string;
  onText: (text: string) => void;
}

/** Queries by hand: what the server says of them stands where it belongs. */
export function FluxView({ text, onText }: FluxViewProps) {
  const { input, search } = useMetrics();
  const { stack, service } = input;
  const stable = useMemo(() => ({ stack, service }), [stack, service]);
  const { ref, width } = useElementSize();
  const queries = useQueryClient();
  const run = useRun(stable);
  const [ran, setRan] = useState<RunText | null>(null);
  const [runs, setRuns] = useState(0);
  const language = useMemo(() => [flux(), autocompletion({ override: [fluxCompletion(fluxNames(stable))] })], [stable]);
  const problem = useProblem(text, ran, run.view);
  const busy = run.view.kind === 'begun' || (run.view.kind === 'told' && run.view.progress.state === 'running');
  useEffect(() => {
    if (!busy) setRuns((before) => before + 1);
  }, [busy]);
  const start = (what: RunText) => {
    if (what.text.trim() === '') return;
    setRan(what);
    run.start(what.text, rangeOf(search), Math.max(200, Math.round(width)));
  };
  const save = () =>
    askName('Save the query', '', 'Save', async (name) => {
      await api.notebook.save({ stack, item: { id: crypto.randomUUID(), panel: 'metrics', kind: 'query', name, body: text } });
      await queries.invalidateQueries({ queryKey: ['notebook', stack, 'metrics', 'query'] });
    });
  const editor = (
    <div className={css.editor}>
      <Toolbar label="Query">
        {busy ? (
          <Button size="xs" variant="default" leftSection={<IconPlayerStop size={14} stroke={1.75} />} onClick={run.cancel}>
            Cancel
          </Button>
        ) : (
          <Button
            size="xs"
            leftSection={<IconPlayerPlay size={14} stroke={1.75} />}
            disabled={text.trim() === ''}
            onClick={() => start({ text, from: 0 })}
          >
            Run
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDeviceFloppy size={14} stroke={1.6} />}
          disabled={text.trim() === ''}
          onClick={save}
        >
          Save…
        </Button>
        <Spring />
        <RangePicker busy={busy} refresh={null} onRefresh={() => ran && start(ran)} />
      </Toolbar>
      <Editor
        label="Flux query"
        value={text}
        onChange={onText}
        language={language}
        onRun={start}
        problem={problem}
        placeholder={'from(bucket: v.defaultBucket)\n  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)'}
        fill
        testId="flux-editor"
      />
    </div>
  );
  return (
    <div className={css.page} ref={ref}>
      <Panes id="metrics.flux" inspector={<HistoryPane onTake={onText} runs={runs} />}>
        <Split
          id="metrics.flux"
          share={42}
          first={editor}
          second={
            <div className={css.results}>
              {run.view.kind === 'begun' ? <Begun at={run.view.at} /> : null}
              {run.view.kind === 'cancelled' ? <p className={css.quiet}>Cancelled.</p> : null}
              {run.view.kind === 'none' ? (
                <p className={css.quiet}>
                  Ctrl+Enter runs the query, or what of it is selected. v stands for the range, the fitting window and the stack’s bucket.
                </p>
              ) : null}
              {run.view.kind === 'failed' ? (
                <div className={css.aside}>
                  <ProblemBox problem={run.view.problem} />
                </div>
              ) : null}
              {run.view.kind === 'told' ? (
                <RunResults run={run} progress={run.view.progress} onPin={() => ran && askPin(input, { title: 'Query', flux: ran.text })} />
              ) : null}
            </div>
          }
        />
      </Panes>
    </div>
  );
}

function Begun({ at }: { at: number }) {
  const late = useAfter(1_000);
  const now = useNow(1_000);
  return late ? <p className={css.quiet}>Running for {elapsed(now - at)}…</p> : null;
}

/** What the run said of the text goes before what is said of it while it is typed. */
function useProblem(text: string, ran: RunText | null, view: ReturnType<typeof useRun>['view']) {
  const { input } = useMetrics();
  const [settled] = useDebouncedValue(text, 500);
  const checked = useQuery({
    queryKey: ['metrics', input, 'check', settled],
    queryFn: ({ signal }) => api.metrics.flux.check({ ...input, text: settled }, { signal }),
    enabled: settled.trim() !== '' && settled.length < 100_000,
    retry: false,
    gcTime: 0,
  });
  return useMemo(() => {
    if (view.kind === 'failed' && view.problem.at && ran && text.slice(ran.from, ran.from + ran.text.length) === ran.text) {
      return { offset: ran.from + view.problem.at.offset, length: view.problem.at.length, message: view.problem.what };
    }
    const [first] = settled === text ? (checked.data ?? []) : [];
    return first && first.length > 0 ? first : null;
  }, [view, ran, text, settled, checked.data]);
}
