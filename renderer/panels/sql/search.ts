/** What the sql panel shows, kept in the address. */
export interface SqlSearch {
  /** The service looked at; none: the stack's only one of the kind. */
  service?: string;
}

export function sqlSearch(search: Record<string, unknown>): SqlSearch {
  return typeof search.service === 'string' ? { service: search.service } : {};
}
