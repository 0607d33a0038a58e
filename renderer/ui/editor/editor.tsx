import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder as shownWhenEmpty } from '@codemirror/view';
import { type RefObject, useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import css from './editor.module.css';
import { editorTheme } from './theme.ts';

/** What is run, and where it stands in the whole text. */
export interface RunText {
  readonly text: string;
  readonly from: number;
}

interface EditorProps {
  label: string;
  value: string;
  onChange?: (value: string) => void;
  /** Language and completion. Keep it the same between renders: a new one is loaded anew. */
  language?: readonly Extension[];
  /** Ctrl/Cmd-Enter: the selection, else all. */
  onRun?: (run: RunText) => void;
  /** Where the text went wrong, as the server told it. */
  problem?: { readonly offset: number; readonly length: number; readonly message: string } | null;
  readOnly?: boolean;
  placeholder?: string;
  /** Lines that are there even when empty. */
  minLines?: number;
  /** Takes all the height there is; else it grows with its text up to `maxLines`. */
  fill?: boolean;
  maxLines?: number;
  onCursor?: (offset: number) => void;
  /** For those that insert text or move the cursor. */
  view?: RefObject<EditorView | null>;
  lineNumbers?: boolean;
  testId?: string;
}

/** CodeMirror as every panel has it: history, search, brackets, completion, Tab indents (Escape, then Tab leaves). */
export function Editor(props: EditorProps) {
  const { label, value, readOnly = false, fill = false, minLines = 1, maxLines = 16 } = props;
  const host = useRef<HTMLDivElement>(null);
  const own = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const parts = useRef({ language: new Compartment(), readOnly: new Compartment(), hint: new Compartment() });

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes later is handed on below
  useEffect(() => {
    const { language, readOnly: fixed, hint } = parts.current;
    const run = () => {
      const view = own.current;
      if (!latest.current.onRun || !view) return false;
      const { from, to, empty } = view.state.selection.main;
      // What was typed just now may not have been drawn yet: who runs it goes by what is drawn.
      flushSync(() => latest.current.onChange?.(view.state.doc.toString()));
      latest.current.onRun?.(empty ? { text: view.state.doc.toString(), from: 0 } : { text: view.state.sliceDoc(from, to), from });
      return true;
    };
    const view = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
          props.lineNumbers === false ? [] : lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false }),
          highlightActiveLine(),
          highlightSelectionMatches(),
          search({ top: true }),
          lintGutter(),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
          editorTheme,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          language.of([...(props.language ?? [])]),
          fixed.of(EditorState.readOnly.of(readOnly)),
          hint.of(shownWhenEmpty(props.placeholder ?? '')),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange?.(update.state.doc.toString());
            if (update.selectionSet || update.docChanged) latest.current.onCursor?.(update.state.selection.main.head);
          }),
        ],
      }),
    });
    own.current = view;
    if (props.view) props.view.current = view;
    return () => {
      view.destroy();
      own.current = null;
      if (props.view) props.view.current = null;
    };
  }, []);

  useEffect(() => {
    const view = own.current;
    if (view === null || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    own.current?.dispatch({ effects: parts.current.language.reconfigure([...(props.language ?? [])]) });
  }, [props.language]);
  useEffect(() => {
    own.current?.dispatch({ effects: parts.current.readOnly.reconfigure(EditorState.readOnly.of(readOnly)) });
  }, [readOnly]);
  useEffect(() => {
    const view = own.current;
    if (view === null) return;
    const { problem } = props;
    const end = view.state.doc.length;
    const from = Math.min(problem?.offset ?? 0, end);
    const marks = problem
      ? [{ from, to: Math.min(end, from + Math.max(1, problem.length)), severity: 'error' as const, message: problem.message }]
      : [];
    view.dispatch(setDiagnostics(view.state, marks));
  }, [props.problem, props]);

  return (
    <div
      ref={host}
      className={css.editor}
      data-fill={fill || undefined}
      style={fill ? undefined : { '--min': `${minLines * 19 + 10}px`, '--max': `${maxLines * 19 + 10}px` }}
      data-testid={props.testId}
    />
  );
}
