import { Button, TextInput } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type SubmitEvent, useEffect, useState } from 'react';
import { api, problemOf } from '../../api/client.ts';
import { useSettings } from '../../api/settings.ts';
import { useStack } from '../../api/stack.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { plural } from '../../ui/format.ts';
import { Panes } from '../../ui/panes.tsx';
import { ProblemBox } from '../../ui/problem.tsx';
import { Spring, Toolbar } from '../../ui/toolbar.tsx';
import { useAfter } from '../../ui/use-now.ts';
import { FindingInspector } from './finding-inspector.tsx';
import { StoreFindings } from './store-findings.tsx';
import { TimeLine } from './time-line.tsx';
import css from './trace.module.css';
import { type Found, numbered } from './trace-view.ts';

/** Give any id and see its rows, keys, events, documents and points on one page. */
export function TracePanel() {
  const { stack } = useStack();
  const { id } = useSearch({ from: '/trace' });
  const zone = useSettings()?.times ?? 'local';
  const trace = useQuery({
    queryKey: ['trace', stack, id],
    queryFn: ({ signal }) => api.trace.find({ stack, id: id! }, { signal }),
    enabled: id !== undefined,
  });
  const [chosen, setChosen] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another id, other findings
  useEffect(() => setChosen(null), [id]);
  const stores = trace.data ?? [];
  const found: Found[] = numbered(stores);
  const selected = chosen === null ? undefined : found[chosen];

  return (
    <Panes id="trace" inspector={selected ? <FindingInspector found={selected} zone={zone} onClose={() => setChosen(null)} /> : null}>
      <Toolbar label="Trace">
        <IdField key={id} id={id} />
        <Spring />
        <span className="dim num" role="status">
          {trace.data === undefined
            ? ''
            : `${plural(found.length, 'finding')} in ${plural(stores.filter((each) => each.findings.length > 0).length, 'store')}`}
        </span>
      </Toolbar>
      <div className={css.body}>
        {id === undefined ? <Beginning /> : null}
        {trace.isError ? (
          <ProblemBox problem={problemOf(trace.error)}>
            <Button variant="default" onClick={() => void trace.refetch()}>
              Try again
            </Button>
          </ProblemBox>
        ) : null}
        {trace.isFetching && trace.data === undefined ? <Waiting /> : null}
        {trace.data === undefined ? null : (
          <>
            <TimeLine found={found} zone={zone} chosen={chosen} onChoose={setChosen} />
            {stores.map((store) => (
              <StoreFindings
                key={store.service}
                store={store}
                found={found.filter((each) => each.service === store.service)}
                zone={zone}
                chosen={chosen}
                onChoose={setChosen}
              />
            ))}
          </>
        )}
      </div>
    </Panes>
  );
}

function IdField({ id }: { id: string | undefined }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(id ?? '');
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (typed.trim() !== '') void navigate({ to: '/trace', search: { id: typed.trim() } });
  };
  return (
    <form className={css.form} onSubmit={submit}>
      <TextInput
        className={css.id}
        aria-label="Id"
        placeholder="Id of a user, project, job, model or node"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        spellCheck={false}
        data-testid="trace-id"
        autoFocus={id === undefined}
      />
      <Button type="submit" disabled={typed.trim() === ''}>
        Trace
      </Button>
    </form>
  );
}

function Beginning() {
  const { stack } = useStack();
  const navigate = useNavigate();
  const example = useQuery({ queryKey: ['trace-example', stack], queryFn: () => api.trace.example({ stack }), staleTime: 60_000 });
  const id = example.data?.id;
  return (
    <EmptyState
      icon={IconRoute}
      line="One user, project, job, model or node has the same id in every store. Give it, and see its rows, keys, events, documents and points side by side, on one time line."
      button={
        id === undefined ? undefined : (
          <Button onClick={() => void navigate({ to: '/trace', search: { id } })}>Trace {example.data?.what}</Button>
        )
      }
      example={`npx noodlebox trace ${id ?? 'ID'}`}
    />
  );
}

function Waiting() {
  return useAfter(200) ? <div className={css.skeleton} aria-busy /> : null;
}
