/** Names of an InfluxDB as the core tells them, kept for half a minute. */
import { type UseQueryResult, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Bucket, FieldType, NameList, TagFilter } from '../../../preload/contract/index.ts';
import { api } from '../../api/client.ts';
import { untilNext } from './charts/use-chart.ts';
import { useMetrics } from './use-metrics.ts';

const staleTime = 30_000;

export function useBuckets(): UseQueryResult<Bucket[]> {
  const { input } = useMetrics();
  return useQuery({
    queryKey: ['metrics', input, 'buckets'],
    queryFn: ({ signal }) => api.metrics.bucket.list(input, { signal }),
    staleTime,
    refetchInterval: ({ state }) => untilNext(state.error, undefined),
  });
}

/** Measurements of each bucket that is open. */
export function useMeasurements(buckets: readonly string[], text: string): UseQueryResult<NameList>[] {
  const { input } = useMetrics();
  return useQueries({
    queries: buckets.map((bucket) => ({
      queryKey: ['metrics', input, 'measurements', bucket, text],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.metrics.names.measurements({ ...input, bucket, text }, { signal }),
      staleTime,
    })),
  });
}

export function useFieldsOf(places: readonly { bucket: string; measurement: string }[]): UseQueryResult<NameList>[] {
  const { input } = useMetrics();
  return useQueries({
    queries: places.map(({ bucket, measurement }) => ({
      queryKey: ['metrics', input, 'fields', bucket, measurement],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.metrics.names.fields({ ...input, bucket, measurement }, { signal }),
      staleTime,
    })),
  });
}

export function useTags(bucket: string | undefined, measurement: string | undefined): UseQueryResult<NameList> {
  const { input } = useMetrics();
  return useQuery({
    queryKey: ['metrics', input, 'tags', bucket, measurement],
    queryFn: ({ signal }) => api.metrics.names.tags({ ...input, bucket: bucket!, measurement: measurement! }, { signal }),
    enabled: bucket !== undefined && measurement !== undefined,
    staleTime,
  });
}

/** Values of one tag among the points that the other filters let through. */
export function useTagValues(
  of: { bucket: string; measurement: string; key: string; filters: TagFilter[] },
  text: string,
  enabled: boolean,
): UseQueryResult<NameList> {
  const { input } = useMetrics();
  return useQuery({
    queryKey: ['metrics', input, 'values', of, text],
    queryFn: ({ signal }) => api.metrics.names.values({ ...input, ...of, text }, { signal }),
    enabled,
    staleTime,
    placeholderData: (before) => before,
  });
}

export function useFieldType(bucket: string, measurement: string, field: string | undefined): FieldType | null | undefined {
  const { input } = useMetrics();
  return useQuery({
    queryKey: ['metrics', input, 'type', bucket, measurement, field],
    queryFn: ({ signal }) => api.metrics.names.fieldType({ ...input, bucket, measurement, field: field! }, { signal }),
    enabled: field !== undefined,
    staleTime: 300_000,
  }).data;
}

/** All names are asked for again. */
export function useForgetNames(): () => void {
  const queries = useQueryClient();
  const { input } = useMetrics();
  return () => void queries.invalidateQueries({ queryKey: ['metrics', input] });
}
