import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Chart, MetricRange } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import { useMetrics } from '../use-metrics.ts';

/** A query of Flux as lines: run, drawn by the core, and let go. */
export function useFluxChart(text: string, range: MetricRange, pixels: number): UseQueryResult<Chart> {
  const { input } = useMetrics();
  return useQuery({
    queryKey: ['metrics-flux', input, text, range, pixels],
    queryFn: async ({ signal }) => {
      const stream = crypto.randomUUID();
      let run: string | undefined;
      for await (const progress of await api.metrics.flux.run({ ...input, stream, text, range, pixels, keep: false }, { signal })) {
        run = progress.run;
        void api.streams.grant({ stream, credit: 1 }).catch(() => undefined);
      }
      const chart = await api.metrics.flux.graph({ ...input, run: run!, pixels }, { signal });
      void api.metrics.flux.forget({ ...input, run: run! }).catch(() => undefined);
      return { ...chart, ...('start' in range ? range : { start: Date.now() - range.last, stop: Date.now() }) };
    },
    placeholderData: (before) => before,
    gcTime: 60_000,
    staleTime: 30_000,
    retry: false,
  });
}
