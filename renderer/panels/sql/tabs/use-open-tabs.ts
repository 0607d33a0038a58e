import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { type SqlSearch, sqlSearch } from '../search.ts';
import { nextName, type OpenTab, parseTabs, searchOf, wantedTab, without } from './open-tabs.ts';
import { parseDraft, setDraftText } from './use-draft.ts';

export interface OpenTabs {
  tabs: readonly OpenTab[];
  active: OpenTab | undefined;
  show: (tab: OpenTab, more?: Omit<SqlSearch, 'service'>) => void;
  showId: (id: string) => void;
  close: (id: string) => void;
  addQuery: (name?: string) => OpenTab;
  rename: (id: string, name: string) => void;
}

/** The tabs as they were left, and the one that the address names. Null until they are read. */
export function useOpenTabs(stack: string, service: string): OpenTabs | null {
  const search = useSearch({ from: '/sql' });
  const navigate = useNavigate();
  const [tabs, setTabs] = useState<readonly OpenTab[] | null>(null);
  const keep = useDebouncedCallback((next: readonly OpenTab[]) => {
    const item = { id: `open-${service}`, panel: 'sql' as const, kind: 'tab', name: 'Open tabs', body: JSON.stringify(next) };
    api.notebook.save({ stack, item }).catch(tell);
  }, 300);

  useEffect(() => {
    api.notebook.saved({ stack, panel: 'sql', kind: 'tab' }).then(
      (items) => {
        const kept = parseTabs(items.find(({ id }) => id === `open-${service}`)?.body ?? '[]');
        setTabs(kept.length > 0 ? kept : [newQuery([])]);
      },
      (error: unknown) => {
        tell(error);
        setTabs([newQuery([])]);
      },
    );
  }, [stack, service]);

  const change = (next: readonly OpenTab[]) => {
    setTabs(next);
    keep(next);
  };
  const open = tabs ?? [];
  const wanted = wantedTab(search, open);
  const missing = tabs !== null && wanted !== undefined && !open.some(({ id }) => id === wanted.id);
  // A link into the panel names a table that nobody has opened yet.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address decides
  useEffect(() => {
    if (missing) change([...open, wanted]);
  }, [missing, wanted?.id]);

  // A link to a saved query opens it beside what is open.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each link
  useEffect(() => {
    if (tabs === null || search.query === undefined) return;
    const there = open.find(({ id }) => id === `q-${search.query}`);
    const go = (tab: OpenTab) =>
      void navigate({ to: '/sql', search: sqlSearch({ service: search.service, ...searchOf(tab) }), replace: true });
    if (there) return go(there);
    api.notebook.saved({ stack, panel: 'sql', kind: 'query' }).then((items) => {
      const item = items.find(({ id }) => id === search.query);
      if (!item) return go(open[0] ?? newQuery(open));
      const { text, params } = parseDraft(item.body);
      const tab: OpenTab = { kind: 'query', id: `q-${item.id}`, name: item.name };
      setDraftText(tab.id, text, params);
      change([...open, tab]);
      go(tab);
    }, tell);
  }, [tabs === null, search.query]);

  if (tabs === null) return null;
  const go = (to: SqlSearch) => void navigate({ to: '/sql', search: sqlSearch({ service: search.service, ...to }) });
  const active = wanted ?? open.find(({ kind }) => kind === 'query') ?? open[0];
  const show: OpenTabs['show'] = (tab, more) => {
    if (!open.some(({ id }) => id === tab.id)) change([...open, tab]);
    go({ ...searchOf(tab), ...more });
  };
  return {
    tabs: open,
    active,
    show,
    showId(id) {
      const tab = open.find((each) => each.id === id);
      if (tab && tab.id !== active?.id) show(tab);
    },
    close(id) {
      const { left, next } = without(open, id);
      const fresh = left.length > 0 ? left : [newQuery([])];
      change(fresh);
      if (active?.id === id) go(searchOf(next ?? fresh[0]));
    },
    addQuery(name) {
      const tab = newQuery(open, name);
      change([...open, tab]);
      go(searchOf(tab));
      return tab;
    },
    rename: (id, name) => change(open.map((tab) => (tab.id === id && tab.kind === 'query' ? { ...tab, name } : tab))),
  };
}

function newQuery(open: readonly OpenTab[], name = nextName(open)): OpenTab {
  return { kind: 'query', id: `q-${crypto.randomUUID()}`, name };
}
