/** The snapshot looked at, kept in the address. */
export interface SnapshotsSearch {
  id?: string;
}

export function snapshotsSearch(search: Record<string, unknown>): SnapshotsSearch {
  return typeof search.id === 'string' && search.id !== '' ? { id: search.id.slice(0, 100) } : {};
}
