/** The id being traced, kept in the address. */
export interface TraceSearch {
  id?: string;
}

export function traceSearch(search: Record<string, unknown>): TraceSearch {
  // The router reads what looks like a number or JSON as such.
  const id = typeof search.id === 'number' ? String(search.id) : search.id;
  return typeof id === 'string' && id.trim() !== '' ? { id: id.trim().slice(0, 200) } : {};
}
