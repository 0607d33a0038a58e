import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type FoundName, type PanelName, panelNames, type SavedItem } from '../../preload/contract/index.ts';
import { api } from '../api/client.ts';
import { savedSearch } from '../panels/saved.ts';

/** Fewer letters than this name too much. */
const letters = 2;

/** Tables, key prefixes, topics, collections and measurements whose name contains what was typed. */
export function useFoundNames(stack: string, typed: string): readonly FoundName[] {
  const [text] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery({
    queryKey: ['names', stack, text],
    queryFn: ({ signal }) => api.lookup.names({ stack, text }, { signal }),
    enabled: text.length >= letters,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  return text.length >= letters ? (found.data ?? []) : [];
}

/** What was saved under a name in any panel, and the search that shows it there. */
export function useSavedThings(stack: string, open: boolean): readonly { readonly item: SavedItem; readonly search: object }[] {
  const saved = useQuery({
    queryKey: ['saved-things', stack],
    queryFn: async ({ signal }) => {
      const all = await Promise.all(panelNames.map((panel: PanelName) => api.notebook.saved({ stack, panel }, { signal })));
      return all.flat().flatMap((item) => {
        const search = savedSearch(item);
        return search === undefined ? [] : [{ item, search }];
      });
    },
    enabled: open,
    staleTime: 5_000,
  });
  return saved.data ?? [];
}

/** An id as all five stores have them. */
export function asId(typed: string): string | null {
  const text = typed.trim();
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text) ? text : null;
}
