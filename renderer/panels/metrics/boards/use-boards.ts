import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../../api/client.ts';
import { useBuckets } from '../use-catalog.ts';
import { useMetrics } from '../use-metrics.ts';
import { type Board, boardBody, chartsFrom, type PinnedChart } from './board.ts';
import { builtInBoards } from './built-in.ts';

interface Boards {
  boards: Board[];
  loading: boolean;
  save: (board: { id: string; name: string; charts: readonly PinnedChart[] }) => Promise<void>;
  remove: (id: string) => Promise<void>;
}

const key = (stack: string) => ['notebook', stack, 'metrics', 'dashboard'];

/** Dashboards of one's own, then those that come with Noodlebox. */
export function useBoards(): Boards {
  const { input } = useMetrics();
  const queries = useQueryClient();
  const { stack } = input;
  const saved = useQuery({ queryKey: key(stack), queryFn: () => api.notebook.saved({ stack, panel: 'metrics', kind: 'dashboard' }) });
  const bucket = useBuckets().data?.find(({ own }) => own)?.name;
  const boards = useMemo(() => {
    const own = (saved.data ?? []).map(({ id, name, body }): Board => ({ id, name, builtIn: false, charts: chartsFrom(body) }));
    return [...own, ...(bucket === undefined ? [] : builtInBoards(bucket))];
  }, [saved.data, bucket]);
  return {
    boards,
    loading: saved.isPending,
    async save(board) {
      await saveBoard(stack, board);
      await queries.invalidateQueries({ queryKey: key(stack) });
    },
    async remove(id) {
      await api.notebook.remove({ stack, panel: 'metrics', id });
      await queries.invalidateQueries({ queryKey: key(stack) });
    },
  };
}

async function saveBoard(stack: string, { id, name, charts }: { id: string; name: string; charts: readonly PinnedChart[] }): Promise<void> {
  await api.notebook.save({ stack, item: { id, panel: 'metrics', kind: 'dashboard', name, body: boardBody(charts) } });
}

/** Puts a chart at the end of a dashboard, which is made when it is new. */
export async function pin(stack: string, board: { id: string | null; name: string }, chart: Omit<PinnedChart, 'id'>): Promise<string> {
  const there = await api.notebook.saved({ stack, panel: 'metrics', kind: 'dashboard' });
  const found = there.find(({ id }) => id === board.id);
  const id = found?.id ?? crypto.randomUUID();
  const charts = [...(found ? chartsFrom(found.body) : []), { ...chart, id: crypto.randomUUID() }];
  await saveBoard(stack, { id, name: found?.name ?? board.name, charts });
  return id;
}
