import { useCallback, useEffect, useRef, useState } from 'react';
import type { DocumentPage, DocumentRow, ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { type Bson, parseEjson } from '../bson/bson.ts';

const pageSize = 50;
/** Pages kept in the window; the rest is asked for again. */
const pagesKept = 60;

export type ResultState =
  | { kind: 'none' }
  | { kind: 'running' }
  | { kind: 'failed'; problem: ProblemData }
  | { kind: 'open'; result: string; took: number };

export interface ResultView {
  readonly state: ResultState;
  /** Documents read so far. */
  readonly known: number;
  readonly done: boolean;
  /** Rows to draw: those known, and some that come when they are looked at. */
  readonly rows: number;
  rowAt(at: number): DocumentRow | undefined;
  documentAt(at: number): Bson | undefined;
  want(from: number, to: number): void;
  /** What is shown of one from now on. */
  replaced(at: number, ejson: string, bytes: number): void;
  cancel(): void;
}

export type OpenResult = (signal: AbortSignal) => Promise<{ result: string; page: DocumentPage; took: number }>;

interface Held {
  readonly pages: Map<number, DocumentRow[]>;
  readonly asked: Set<number>;
}

/** A result of the core, by the page. @param open null: nothing is asked for; keep it the same between renders, another one asks anew */
export function useResult(stack: string, service: string, open: OpenResult | null): ResultView {
  const [state, setState] = useState<ResultState>({ kind: 'none' });
  const [{ known, done }, setReach] = useState({ known: 0, done: true });
  const [, redraw] = useState(0);
  const held = useRef<Held>({ pages: new Map(), asked: new Set() });
  const parsed = useRef(new WeakMap<DocumentRow, Bson>());
  const abort = useRef<AbortController | null>(null);

  useEffect(() => {
    held.current = { pages: new Map(), asked: new Set() };
    setReach({ known: 0, done: true });
    if (open === null) {
      setState({ kind: 'none' });
      return;
    }
    const controller = new AbortController();
    abort.current = controller;
    let opened: string | undefined;
    let gone = false;
    const close = (result: string) => void api.documents.close({ stack, service, result }).catch(() => undefined);
    setState({ kind: 'running' });
    open(controller.signal).then(
      ({ result, page, took }) => {
        if (gone) return close(result);
        opened = result;
        keep(held.current, page);
        setReach({ known: page.known, done: page.done });
        setState({ kind: 'open', result, took });
      },
      (error: unknown) => {
        if (gone) return;
        setState(
          controller.signal.aborted
            ? { kind: 'failed', problem: { code: 'cancelled', what: 'Cancelled.', todo: 'Run it again when you like.' } }
            : { kind: 'failed', problem: problemOf(error) },
        );
      },
    );
    return () => {
      gone = true;
      controller.abort();
      if (opened !== undefined) close(opened);
    };
  }, [open, stack, service]);

  const result = state.kind === 'open' ? state.result : null;
  const want = useCallback(
    (from: number, to: number) => {
      if (result === null) return;
      const { pages, asked } = held.current;
      for (let page = Math.floor(from / pageSize); page * pageSize < to; page++) {
        if (pages.has(page) || asked.has(page) || (done && page * pageSize >= known)) continue;
        asked.add(page);
        const mine = held.current;
        api.documents.page({ stack, service, result, from: page * pageSize, count: pageSize }).then(
          (told) => {
            asked.delete(page);
            if (held.current !== mine) return;
            keep(mine, told);
            setReach((before) => ({ known: Math.max(before.known, told.known), done: told.done }));
            redraw((n) => n + 1);
          },
          (error: unknown) => {
            // Left among those asked: it would be asked for again with every drawing.
            if (held.current === mine) setState({ kind: 'failed', problem: problemOf(error) });
          },
        );
      }
    },
    [result, stack, service, known, done],
  );

  const rowAt = (at: number) => held.current.pages.get(Math.floor(at / pageSize))?.[at % pageSize];
  return {
    state,
    known,
    done,
    rows: done ? known : known + pageSize,
    rowAt,
    documentAt(at) {
      const row = rowAt(at);
      if (row === undefined || row.ejson === null) return undefined;
      const there = parsed.current.get(row);
      if (there !== undefined) return there;
      const document = parseEjson(row.ejson);
      parsed.current.set(row, document);
      return document;
    },
    want,
    replaced(at, ejson, bytes) {
      const page = held.current.pages.get(Math.floor(at / pageSize));
      const row = page?.[at % pageSize];
      if (page === undefined || row === undefined) return;
      page[at % pageSize] = row.ejson === null ? { ...row, bytes } : { ...row, ejson, bytes };
      redraw((n) => n + 1);
    },
    cancel: () => abort.current?.abort(),
  };
}

/** A page that is not full yet is asked for again when more is looked at. */
function keep({ pages }: Held, page: DocumentPage): void {
  if (page.documents.length === pageSize || page.done) pages.set(page.from / pageSize, page.documents);
  if (pages.size > pagesKept) pages.delete(pages.keys().next().value!);
}
