import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import type { ColumnFilter, ColumnSort, TableRow } from '../../../../preload/contract/sql.ts';
import { api, problemOf } from '../../../api/client.ts';
import { pageRows } from '../results/row-pages.ts';
import { useRowPages } from '../results/use-row-pages.ts';

interface TablePlace {
  stack: string;
  service: string;
  schema: string;
  table: string;
}

type TableColumn = Awaited<ReturnType<typeof api.sql.table.rows>>['columns'][number];

export interface TableRows {
  columns: readonly TableColumn[] | null;
  key: readonly string[];
  /** Rows, and whether they were counted or guessed. */
  total: { rows: number; exact: boolean };
  rowAt: (row: number) => TableRow | undefined;
  want: (from: number, to: number) => void;
  problem: ProblemData | null;
  reload: () => void;
  generation: number;
}

/** A table's rows by the page, in the order and with the filters asked for. */
export function useTable(
  { stack, service, schema, table }: TablePlace,
  filters: readonly ColumnFilter[],
  sort: ColumnSort | undefined,
): TableRows {
  const [generation, setGeneration] = useState(0);
  const wish = JSON.stringify({ stack, service, schema, table, filters, sort: sort ? [sort] : [] });
  const key = ['sql-table', wish, generation];
  const view = () => JSON.parse(wish) as TablePlace & { filters: ColumnFilter[]; sort: ColumnSort[] };
  const first = useQuery({
    queryKey: [...key, 'first'],
    queryFn: ({ signal }) => api.sql.table.rows({ ...view(), from: 0, count: pageRows }, { signal }),
    // Nothing jumps: what was there stays until the next rows have come.
    placeholderData: (before) => before,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
    refetchInterval: (query) => (query.state.status === 'error' ? 3_000 : false),
  });
  const counted = useQuery({
    queryKey: [...key, 'count'],
    queryFn: ({ signal }) => api.sql.table.count(view(), { signal }),
    enabled: first.data?.rows.length === pageRows,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
  });
  /** Where the table was found to end: a guess may be too high. */
  const [end, setEnd] = useState<{ wish: string; rows: number } | null>(null);
  const seen = first.data?.rows.length ?? 0;
  const guessed = seen < pageRows ? { rows: seen, exact: true } : (counted.data ?? { rows: seen, exact: false });
  const total = end?.wish === `${wish}/${generation}` && !guessed.exact ? { rows: end.rows, exact: true } : guessed;
  const fetch = useCallback(
    async (from: number, count: number) => {
      const { rows } = await api.sql.table.rows({
        ...(JSON.parse(wish) as TablePlace & { filters: ColumnFilter[]; sort: ColumnSort[] }),
        from,
        count,
      });
      if (rows.length < count) setEnd({ wish: `${wish}/${generation}`, rows: from + rows.length });
      return rows;
    },
    [wish, generation],
  );
  const more = useRowPages<TableRow>(`${wish}/${generation}`, total.rows, fetch);
  return {
    columns: first.data?.columns ?? null,
    key: first.data?.key ?? [],
    total,
    // The first page came with the columns.
    rowAt: (row) => (row < seen ? first.data?.rows[row] : more.rowAt(row)),
    want: (from, to) => {
      if (to > seen && total.rows > seen) more.want(Math.max(from, seen), to);
    },
    problem: first.error ? problemOf(first.error) : more.problem,
    reload: () => setGeneration((before) => before + 1),
    generation,
  };
}
