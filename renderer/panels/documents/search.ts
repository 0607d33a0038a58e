/** What the documents panel shows, kept in the address. */
export const documentTabs = ['documents', 'aggregation', 'schema', 'indexes', 'validation', 'explain', 'watch'] as const;
export type DocumentTab = (typeof documentTabs)[number];
export const documentViews = ['list', 'table', 'json'] as const;
export type DocumentView = (typeof documentViews)[number];

/** Seconds that a query may take. */
export const timeLimits = [10, 60, 600, 3_600] as const;

export interface DocumentsSearch {
  /** The service looked at; none: the stack's only one of the kind. */
  service?: string;
  /** The database and the collection. */
  db?: string;
  coll?: string;
  tab?: DocumentTab;
  view?: DocumentView;
  /** Texts in shell syntax. */
  filter?: string;
  project?: string;
  sort?: string;
  collation?: string;
  /** How long a query may take, in seconds; none: a minute. */
  timeout?: number;
  /** Position of the document that is looked at. */
  at?: number;
}

/** Longer texts make addresses that cannot be sent on. */
const longest = 4_000;

export function documentsSearch(search: Record<string, unknown>): DocumentsSearch {
  const told: DocumentsSearch = {};
  for (const name of ['service', 'db', 'coll', 'filter', 'project', 'sort', 'collation'] as const) {
    const value = search[name];
    // The router reads what looks like JSON as JSON: a filter is a text all the same.
    const text =
      typeof value === 'string'
        ? value
        : typeof value === 'object' && value !== null
          ? JSON.stringify(value)
          : typeof value === 'number'
            ? String(value)
            : '';
    if (text !== '' && text.length <= longest) told[name] = text;
  }
  const tab = documentTabs.find((each) => each === search.tab);
  if (tab !== undefined && tab !== 'documents') told.tab = tab;
  const view = documentViews.find((each) => each === search.view);
  if (view !== undefined && view !== 'list') told.view = view;
  const timeout = timeLimits.find((each) => each === search.timeout);
  if (timeout !== undefined && timeout !== 60) told.timeout = timeout;
  if (typeof search.at === 'number' && Number.isInteger(search.at) && search.at >= 0) told.at = search.at;
  return told;
}
