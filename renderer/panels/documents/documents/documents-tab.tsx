import { Button, SegmentedControl } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconFilePlus, IconFileSearch } from '@tabler/icons-react';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../../api/client.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { useAfter } from '../../../ui/use-now.ts';
import { BulkMenu } from '../bulk/bulk-menu.tsx';
import css from '../documents.module.css';
import { type CollectionPlace, usePlace } from '../place.tsx';
import { QueryBar, type QueryTexts } from '../query/query-bar.tsx';
import { type OpenResult, useResult } from '../query/use-result.ts';
import type { DocumentView } from '../search.ts';
import { ExportMenu } from '../transfer/export-menu.tsx';
import { askImport } from '../transfer/import-dialog.tsx';
import { DocumentInspector } from './document-inspector.tsx';
import { DocumentJson } from './document-json.tsx';
import { DocumentList } from './document-list.tsx';
import { DocumentTable } from './document-table.tsx';
import { fieldsOf } from './fields.ts';
import { askInsert } from './insert-dialog.tsx';
import { ResultFoot } from './result-foot.tsx';

/** The documents of a collection: found, looked at, changed. */
export function DocumentsTab({ place, show }: { place: CollectionPlace; show: (inspector: ReactNode) => void }) {
  const { search, go, server } = usePlace();
  const { stack, service, database, collection } = place;
  const query: QueryTexts = {
    filter: search.filter ?? '',
    project: search.project ?? '',
    sort: search.sort ?? '',
    collation: search.collation ?? '',
  };
  const { filter, project, sort, collation } = query;
  const timeout = search.timeout ?? 60;
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round asks the same again
  const open = useCallback<OpenResult>(
    (signal) =>
      api.documents.find({ stack, service, database, collection, filter, project, sort, collation, timeout: timeout * 1_000 }, { signal }),
    [stack, service, database, collection, filter, project, sort, collation, timeout, round],
  );
  const result = useResult(stack, service, open);
  const { state } = result;
  const again = useCallback(() => setRound((n) => n + 1), []);
  const run = (next: QueryTexts) => unlessEdited(() => ask(next));
  const ask = (next: QueryTexts) => {
    const same = (['filter', 'project', 'sort', 'collation'] as const).every((part) => next[part] === query[part]);
    if (same) again();
    else go({ ...next, at: undefined });
  };
  const view = search.view ?? 'list';
  const at = search.at ?? null;
  /** Holds what was typed into a document and not saved. */
  const edited = useRef(false);
  const unlessEdited = (act: () => void) => {
    if (!edited.current) return act();
    modals.openConfirmModal({
      title: 'Discard the changes to this document?',
      children: 'They are not saved yet.',
      labels: { confirm: 'Discard the changes', cancel: 'Go on editing' },
      confirmProps: { color: 'red' },
      onConfirm() {
        edited.current = false;
        act();
      },
    });
  };
  const select = (next: number | null) => {
    if (next !== at) unlessEdited(() => go({ at: next ?? undefined }));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: documents come with these, and only then
  const fields = useMemo(() => fieldsOf(result), [result.known, state]);
  const names = useMemo(() => [...new Set(fields.map(({ name }) => name))], [fields]);

  const row = at === null ? undefined : result.rowAt(at);
  const document = at === null ? undefined : result.documentAt(at);
  const opened = state.kind === 'open' ? state.result : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown beside is of the document that is chosen
  useEffect(() => {
    if (at === null || row === undefined || opened === null) return show(null);
    show(
      <DocumentInspector
        key={`${opened}-${at}`}
        place={place}
        result={opened}
        row={row}
        document={document}
        whole={project === ''}
        onReplaced={(ejson, bytes) => result.replaced(at, ejson, bytes)}
        onChanged={() => {
          go({ at: undefined });
          again();
        }}
        onEdited={(changed) => {
          edited.current = changed;
        }}
        onClose={() => unlessEdited(() => go({ at: undefined }))}
      />,
    );
  }, [at, row, opened, project]);

  const problem = state.kind === 'failed' ? state.problem : null;
  const slow = useAfter(200);
  const nothing = state.kind === 'open' && result.known === 0 && result.done;
  const filtered = filter !== '';
  return (
    <>
      <QueryBar
        value={query}
        onRun={run}
        running={state.kind === 'running'}
        onCancel={result.cancel}
        problem={problem}
        fields={names}
        collation={server?.can.collation ?? false}
        timeout={timeout}
        onTimeout={(seconds) => go({ timeout: seconds })}
      />
      <Toolbar label="Documents">
        <SegmentedControl
          size="xs"
          aria-label="How documents are shown"
          data={[
            { value: 'list', label: 'List' },
            { value: 'table', label: 'Table' },
            { value: 'json', label: 'JSON' },
          ]}
          value={view}
          onChange={(next) => go({ view: next as DocumentView })}
        />
        <Spring />
        <Button variant="default" leftSection={<IconFilePlus size={14} stroke={1.6} />} onClick={() => askInsert(place, again)}>
          Insert…
        </Button>
        <BulkMenu place={place} query={query} fields={names} onDone={again} />
        <ExportMenu place={place} query={query} onImport={() => askImport(place, again)} />
      </Toolbar>
      {problem !== null && problem.at === undefined ? (
        <div className={css.aside}>
          <ProblemBox problem={problem}>
            <Button variant="default" onClick={again}>
              Try again
            </Button>
          </ProblemBox>
        </div>
      ) : null}
      {problem?.at !== undefined ? (
        <div className={css.wrong} role="alert">
          {problem.what} {problem.why} {problem.todo}
        </div>
      ) : null}
      <div className={css.documents}>
        {state.kind === 'running' && slow ? <div className={css.skeleton} aria-busy /> : null}
        {nothing ? (
          <div className={css.aside}>
            <EmptyState
              icon={IconFileSearch}
              line={filtered ? 'No document passes this filter.' : 'This collection holds no documents yet.'}
              button={
                filtered ? (
                  <Button variant="default" onClick={() => go({ filter: '', at: undefined })}>
                    Clear the filter
                  </Button>
                ) : (
                  <Button onClick={() => askInsert(place, again)}>Insert a document</Button>
                )
              }
              example={filtered ? undefined : `npx noodlebox find ${collection}`}
            />
          </div>
        ) : null}
        {state.kind === 'open' && !nothing ? (
          view === 'table' ? (
            <DocumentTable
              result={result}
              fields={fields}
              selected={at}
              onSelect={select}
              sort={sort}
              onSort={(next) => go({ sort: next, at: undefined })}
            />
          ) : view === 'json' ? (
            <DocumentJson result={result} />
          ) : (
            <DocumentList result={result} selected={at} onSelect={select} />
          )
        ) : null}
      </div>
      <ResultFoot place={place} query={query} result={result} round={round} />
    </>
  );
}
