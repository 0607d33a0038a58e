/** What the metrics panel shows, kept in the address. */
export interface MetricsSearch {
  /** The service looked at; none: the stack's only one of the kind. */
  service?: string;
}

export function metricsSearch(search: Record<string, unknown>): MetricsSearch {
  return typeof search.service === 'string' ? { service: search.service } : {};
}
