import type { ColumnFilter, ColumnSort } from '../../../preload/contract/sql.ts';
import { filterOperators } from '../../../preload/contract/sql-words.ts';

/** What the SQL panel shows, kept in the address. What is typed in editors is in the notebook. */
export interface SqlSearch {
  /** The service looked at; none: the stack's only one of the kind. */
  service?: string;
  /** The query tab that is open. */
  tab?: string;
  /** A saved query, by its id: opened in a tab of its own. */
  query?: string;
  /** A table that is open, with what it is filtered and sorted by. */
  schema?: string;
  table?: string;
  filters?: ColumnFilter[];
  sort?: ColumnSort;
  /** The diagram (of `schema`) or a plan that was pasted. */
  view?: 'diagram' | 'plan';
}

export function sqlSearch(search: Record<string, unknown>): SqlSearch {
  const found: SqlSearch = {};
  const text = (key: 'service' | 'tab' | 'query' | 'schema' | 'table') => {
    const value = search[key];
    // A table may be called 2024, which an address tells as a number.
    if (typeof value === 'string' && value !== '' && value.length <= 200) found[key] = value;
    else if (typeof value === 'number') found[key] = String(value);
  };
  text('service');
  text('tab');
  text('query');
  text('schema');
  text('table');
  if (search.view === 'diagram' || search.view === 'plan') found.view = search.view;
  if (found.table === undefined) return found;
  found.schema ??= 'public';
  const filters = Array.isArray(search.filters) ? search.filters.flatMap(filterFrom).slice(0, 20) : [];
  if (filters.length > 0) found.filters = filters;
  const sort = sortFrom(search.sort);
  if (sort) found.sort = sort;
  return found;
}

function filterFrom(given: unknown): ColumnFilter[] {
  if (typeof given !== 'object' || given === null || !('column' in given) || typeof given.column !== 'string') return [];
  const operator = filterOperators.find((each) => 'operator' in given && each === given.operator) ?? '=';
  const value = 'value' in given && (typeof given.value === 'string' || typeof given.value === 'number') ? String(given.value) : '';
  return [{ column: given.column, operator, value }];
}

function sortFrom(given: unknown): ColumnSort | undefined {
  if (typeof given !== 'object' || given === null || !('column' in given) || typeof given.column !== 'string') return undefined;
  return { column: given.column, descending: 'descending' in given && given.descending === true };
}
