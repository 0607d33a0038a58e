import { useNavigate, useSearch } from '@tanstack/react-router';
import { createContext, useCallback, useContext } from 'react';
import { useSettings } from '../../api/settings.ts';
import { useStack } from '../../api/stack.tsx';
import type { Zone } from '../../ui/format.ts';
import { type MetricsSearch, metricsSearch } from './search.ts';

/** The InfluxDB that is looked at. */
export const ServiceName = createContext('influxdb');

export interface Metrics {
  /** What every call of the API begins with. */
  input: { stack: string; service: string };
  search: MetricsSearch;
  set: (change: MetricsSearch, replace?: boolean) => void;
  zone: Zone;
}

/** The panel's address and place: what all of its parts share. */
export function useMetrics(): Metrics {
  const { stack } = useStack();
  const service = useContext(ServiceName);
  const search = useSearch({ from: '/metrics' });
  const navigate = useNavigate();
  const zone = useSettings()?.times ?? 'local';
  const set = useCallback(
    (change: MetricsSearch, replace = true) =>
      void navigate({ to: '/metrics', search: (before) => metricsSearch({ ...before, ...change }), replace }),
    [navigate],
  );
  return { input: { stack, service }, search, set, zone };
}
