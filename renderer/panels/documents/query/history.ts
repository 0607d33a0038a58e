/** Queries as they stand in the notebook. */
import type { HistoryEntry } from '../../../../preload/contract/index.ts';
import type { QueryTexts } from './query-bar.tsx';

export type KeptQuery = QueryTexts & { readonly database: string; readonly collection: string };

/** Those of one collection, newest first, each once. */
export function historyQueries(entries: readonly HistoryEntry[], database: string, collection: string): (KeptQuery & { key: number })[] {
  const seen = new Set<string>();
  return entries.flatMap(({ id, text }) => {
    const query = savedQuery(text);
    if (query?.database !== database || query.collection !== collection) return [];
    const words = queryWords(query);
    if (seen.has(words)) return [];
    seen.add(words);
    return [{ ...query, key: id }];
  });
}

/** Undefined when it is none. */
export function savedQuery(body: string): KeptQuery | undefined {
  try {
    const query = JSON.parse(body) as Record<string, unknown>;
    const text = (name: string): string => (typeof query[name] === 'string' ? query[name] : '');
    if (text('collection') === '') return undefined;
    return {
      database: text('database'),
      collection: text('collection'),
      filter: text('filter'),
      project: text('project'),
      sort: text('sort'),
      collation: text('collation'),
    };
  } catch {
    return undefined;
  }
}

/** In one line. */
export function queryWords({ filter, project, sort, collation }: QueryTexts): string {
  const parts = [filter || '{ }', project && `project ${project}`, sort && `sort ${sort}`, collation && `collation ${collation}`];
  return parts.filter(Boolean).join('  ').replaceAll(/\s+/g, ' ');
}
