import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Chart, ChartQueryInput, Distribution } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { useMetrics } from '../use-metrics.ts';

/** Widths are asked for in steps, so that dragging an edge does not ask at every pixel. */
const step = 100;
export function steppedPixels(width: number): number {
  return Math.max(200, Math.ceil(width / step) * step);
}

/** While the server is away it is asked again by itself; else as often as someone chose. @returns ms; false: not at all */
export function untilNext(error: unknown, refresh: number | undefined): number | false {
  if (error && problemOf(error).code === 'service-unreachable') return 3_000;
  return refresh === undefined ? false : refresh * 1_000;
}

interface Options {
  /** Seconds between two looks; undefined: only when asked. */
  refresh?: number;
  enabled?: boolean;
}

/** A chart of the core; what was there stays while another is on its way. One that is no longer wanted is cancelled at the server. */
export function useChart(query: ChartQueryInput, { refresh, enabled = true }: Options = {}): UseQueryResult<Chart> {
  const { input } = useMetrics();
  return useQuery({
    queryKey: ['metrics-chart', input, query],
    queryFn: ({ signal }) => api.metrics.chart.lines({ ...input, query }, { signal }),
    refetchInterval: ({ state }) => untilNext(state.error, refresh),
    placeholderData: (before) => before,
    // A range that follows the time is another one each time.
    staleTime: 'last' in query.range ? 0 : 60_000,
    gcTime: 60_000,
    retry: false,
    enabled,
  });
}

export function useDistribution(query: ChartQueryInput, rows: number, { refresh, enabled = true }: Options): UseQueryResult<Distribution> {
  const { input } = useMetrics();
  return useQuery({
    queryKey: ['metrics-distribution', input, query, rows],
    queryFn: ({ signal }) => api.metrics.chart.distribution({ ...input, query, rows }, { signal }),
    refetchInterval: ({ state }) => untilNext(state.error, refresh),
    placeholderData: (before) => before,
    staleTime: 'last' in query.range ? 0 : 60_000,
    gcTime: 60_000,
    retry: false,
    enabled,
  });
}
