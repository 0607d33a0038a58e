import type { EditorView } from '@codemirror/view';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Catalog } from '../../../../preload/contract/sql.ts';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { Editor, type RunText } from '../../../ui/editor/editor.tsx';
import { Split } from '../../../ui/panes.tsx';
import { PlanView } from '../plan/plan-view.tsx';
import type { OpenedValue } from '../results/result-grid.tsx';
import { RunResults } from '../results/run-results.tsx';
import css from '../sql.module.css';
import { useDraft } from '../tabs/use-draft.ts';
import { formatSql } from './format.ts';
import { HistoryDrawer } from './history-drawer.tsx';
import { sqlLanguage } from './language.ts';
import { chosenParams, ParamBar } from './param-bar.tsx';
import { paramsIn } from './params.ts';
import { QueryToolbar } from './query-toolbar.tsx';
import { saveQuery } from './save-query.tsx';
import { useRun } from './use-run.ts';

interface QueryTabProps {
  stack: string;
  service: string;
  id: string;
  name: string;
  catalog: Catalog | undefined;
  onName: (name: string) => void;
  onValue: (value: OpenedValue | null) => void;
  /** Something was run that may have changed the schema. */
  onSchemaChange: () => void;
}

export function QueryTab({ stack, service, id, name, catalog, onName, onValue, onSchemaChange }: QueryTabProps) {
  const [draft, setDraft] = useDraft(stack, id);
  const run = useRun(stack, service, id);
  const [plan, setPlan] = useState<string | null>(null);
  const [planning, setPlanning] = useState<{ abort: AbortController; since: number } | null>(null);
  const [history, setHistory] = useState(false);
  const view = useRef<EditorView | null>(null);
  const language = useMemo(() => sqlLanguage(catalog), [catalog]);
  const since = useSince(run.state.view?.state === 'running' || run.state.starting);
  const ended = run.state.view && run.state.view.state !== 'running' ? run.state.view : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once a run
  useEffect(() => {
    if (ended?.statements.some(({ tag }) => tag && /^(CREATE|DROP|ALTER|TRUNCATE|ANALYZE|COMMENT)\b/.test(tag))) onSchemaChange();
  }, [ended?.run, ended?.state]);

  if (draft === null) return null;
  const names = paramsIn(draft.text);
  const problem = run.problemIn(draft.text);
  const selected = (): RunText => {
    const selection = view.current?.state.selection.main;
    if (!selection || selection.empty) return { text: draft.text, from: 0 };
    return { text: view.current!.state.sliceDoc(selection.from, selection.to), from: selection.from };
  };
  const busy = run.state.view?.state === 'running' || run.state.starting;
  const start = ({ text, from }: RunText) => {
    if (busy) return;
    setPlan(null);
    onValue(null);
    void run.start(text, from, draft, chosenParams(paramsIn(text), draft.params));
  };
  const explain = async (analyze: boolean) => {
    const { text } = selected();
    const abort = new AbortController();
    setPlanning({ abort, since: Date.now() });
    onValue(null);
    const { readOnly, timeout, transactions } = draft;
    try {
      const params = chosenParams(paramsIn(text), draft.params);
      const told = await api.sql.explain(
        { stack, service, tab: id, text, params, readOnly, timeout, transactions, analyze },
        { signal: abort.signal },
      );
      setPlan(told.plan);
    } catch (error) {
      if (!abort.signal.aborted) tell(error);
    } finally {
      setPlanning(null);
    }
  };
  const format = () => {
    formatSql(draft.text).then(
      (text) => setDraft({ text }),
      () => tell(new Error('The text cannot be formatted: it is not SQL that the formatter knows.')),
    );
  };

  const editor = (
    <div className={css.column}>
      <QueryToolbar
        draft={draft}
        onDraft={setDraft}
        running={planning ?? (busy ? { since } : null)}
        transaction={run.state.transaction}
        onRun={() => start(selected())}
        onCancel={() => (planning ? planning.abort.abort() : run.cancel())}
        onExplain={(analyze) => void explain(analyze)}
        onEnd={run.end}
        onFormat={format}
        onSave={() => saveQuery(stack, name, draft, onName)}
        onHistory={() => setHistory(true)}
      />
      <ParamBar
        names={names}
        params={draft.params}
        onChange={(param, value) => setDraft({ params: { ...draft.params, [param]: value } })}
        onRun={() => start({ text: draft.text, from: 0 })}
      />
      <div className={css.editorBox}>
        <Editor
          label="SQL"
          testId="sql-editor"
          fill
          view={view}
          value={draft.text}
          onChange={(text) => setDraft({ text })}
          language={language}
          onRun={start}
          problem={problem}
          placeholder="select * from users where email like :pattern limit 100"
        />
      </div>
    </div>
  );
  return (
    <>
      <Split
        id="sql.editor"
        share={38}
        first={editor}
        second={
          plan !== null ? (
            <PlanView text={plan} onClose={() => setPlan(null)} />
          ) : (
            <RunResults stack={stack} service={service} state={run.state} text={draft.text} onValue={onValue} />
          )
        }
      />
      <HistoryDrawer
        stack={stack}
        opened={history}
        onClose={() => setHistory(false)}
        onText={(text, params) => setDraft({ text, ...(params ? { params } : {}) })}
      />
    </>
  );
}

/** When something that runs began, as this window knows it. */
function useSince(busy: boolean): number {
  const since = useRef(Date.now());
  const was = useRef(false);
  if (busy && !was.current) since.current = Date.now();
  was.current = busy;
  return since.current;
}
