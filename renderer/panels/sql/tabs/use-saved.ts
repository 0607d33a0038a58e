import { useEffect, useRef } from 'react';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { parseDraft, setDraftText } from './use-draft.ts';
import type { OpenTabs } from './use-open-tabs.ts';

/** Opens the saved query that the address names in a tab of its own, once. */
export function useSaved(stack: string, saved: string | undefined, open: OpenTabs): void {
  const taken = useRef<string | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address decides
  useEffect(() => {
    if (saved === undefined || taken.current === saved) return;
    taken.current = saved;
    api.notebook.saved({ stack, panel: 'sql', kind: 'query' }).then((items) => {
      const item = items.find(({ id }) => id === saved);
      if (item === undefined) return;
      const { text, params } = parseDraft(item.body);
      const tab = open.addQuery(item.name);
      setDraftText(tab.id, text, params);
    }, tell);
  }, [stack, saved]);
}
