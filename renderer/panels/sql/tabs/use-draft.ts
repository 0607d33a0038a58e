import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { SqlParam } from '../../../../preload/contract/sql.ts';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';

/** What stands in a query tab. */
export interface Draft {
  text: string;
  params: Record<string, SqlParam>;
  readOnly: boolean;
  /** ms; 0: none */
  timeout: number;
  transactions: 'auto' | 'manual';
}

export const emptyDraft: Draft = { text: '', params: {}, readOnly: false, timeout: 30_000, transactions: 'auto' };

/** Drafts of this window by their tab: at hand at once when a tab comes into sight again. */
const drafts = new Map<string, Draft>();

/** A tab's text and settings, kept in the notebook. Null until they are read. */
export function useDraft(stack: string, id: string): [Draft | null, (change: Partial<Draft>) => void] {
  const [draft, setDraft] = useState<Draft | null>(() => drafts.get(id) ?? null);
  const keep = useDebouncedCallback(() => {
    const item = { id, panel: 'sql' as const, kind: 'tab', name: 'Query', body: JSON.stringify(drafts.get(id)) };
    api.notebook.save({ stack, item }).catch(tell);
  }, { delay: 400, flushOnUnmount: true }); // biome-ignore format: one act

  useEffect(() => {
    if (drafts.has(id)) return;
    api.notebook.saved({ stack, panel: 'sql', kind: 'tab' }).then(
      (items) => {
        const kept = drafts.get(id) ?? parseDraft(items.find((item) => item.id === id)?.body);
        drafts.set(id, kept);
        setDraft(kept);
      },
      (error: unknown) => {
        tell(error);
        setDraft(emptyDraft);
      },
    );
  }, [stack, id]);

  const change = (part: Partial<Draft>) => {
    const next = { ...(drafts.get(id) ?? emptyDraft), ...part };
    drafts.set(id, next);
    setDraft(next);
    keep();
  };
  return [draft, change];
}

/** Puts a text into a tab before it is shown. */
export function setDraftText(id: string, text: string, params: Draft['params'] = {}): void {
  drafts.set(id, { ...(drafts.get(id) ?? emptyDraft), text, params });
}

export function forgetDraft(stack: string, id: string): void {
  drafts.delete(id);
  api.notebook.remove({ stack, panel: 'sql', id }).catch(() => undefined);
}

export function parseDraft(body: string | undefined): Draft {
  if (body === undefined) return emptyDraft;
  try {
    return { ...emptyDraft, ...(JSON.parse(body) as Partial<Draft>) };
  } catch {
    return emptyDraft;
  }
}
