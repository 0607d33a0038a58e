/** What the documents panel shows, kept in the address. */
export interface DocumentsSearch {
  /** The service looked at; none: the stack's only one of the kind. */
  service?: string;
}

export function documentsSearch(search: Record<string, unknown>): DocumentsSearch {
  return typeof search.service === 'string' ? { service: search.service } : {};
}
