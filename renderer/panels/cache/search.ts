/** What the cache panel shows, kept in the address. */
export interface CacheSearch {
  /** The service looked at; none: the stack's only one of the kind. */
  service?: string;
}

export function cacheSearch(search: Record<string, unknown>): CacheSearch {
  return typeof search.service === 'string' ? { service: search.service } : {};
}
