import { UnstyledButton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, problemOf } from '../../../api/client.ts';
import { count, duration } from '../../../ui/format.ts';
import { FootBar, Spring } from '../../../ui/toolbar.tsx';
import css from '../documents.module.css';
import type { CollectionPlace } from '../place.tsx';
import type { QueryTexts } from '../query/query-bar.tsx';
import type { ResultView } from '../query/use-result.ts';

interface ResultFootProps {
  place: CollectionPlace;
  query: QueryTexts;
  result: ResultView;
  round: number;
}

/** How many there are, counted aside: nothing waits for it, and it can be stopped. */
export function ResultFoot({ place, query, result, round }: ResultFootProps) {
  const queries = useQueryClient();
  const exact = query.filter.trim() !== '';
  const { state, known, done } = result;
  const key = ['documents', place, 'count', query.filter, query.collation, round];
  const counting = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.documents.count({ ...place, filter: query.filter, collation: query.collation, exact }, { signal }),
    enabled: state.kind === 'open' && !done,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (state.kind !== 'open') {
    return (
      <FootBar>
        <span role="status">{state.kind === 'running' ? 'Finding…' : ''}</span>
      </FootBar>
    );
  }
  const total = done
    ? `${count(known)} documents`
    : counting.data
      ? `${exact ? '' : 'about '}${count(counting.data.count)} documents`
      : null;
  return (
    <FootBar>
      <span role="status" data-testid="documents-count">
        {total ?? (counting.isFetching ? 'counting…' : counting.isError ? problemOf(counting.error).what : 'not counted')}
      </span>
      {total === null && counting.isFetching ? (
        <UnstyledButton className={css.quiet} onClick={() => void queries.cancelQueries({ queryKey: key })}>
          Stop counting
        </UnstyledButton>
      ) : null}
      {total === null && !counting.isFetching ? (
        <UnstyledButton className={css.quiet} onClick={() => void counting.refetch()}>
          Count
        </UnstyledButton>
      ) : null}
      {done ? null : <span>{count(known)} read</span>}
      <Spring />
      <span>first page in {duration(state.took)}</span>
    </FootBar>
  );
}
