/** What the topics panel shows, kept in the address. */
export interface TopicsSearch {
  /** The service looked at; none: the stack's only one of the kind. */
  service?: string;
}

export function topicsSearch(search: Record<string, unknown>): TopicsSearch {
  return typeof search.service === 'string' ? { service: search.service } : {};
}
