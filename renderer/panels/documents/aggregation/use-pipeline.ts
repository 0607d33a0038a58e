import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../../api/client.ts';
import type { CollectionPlace } from '../place.tsx';
import { draftId, keptStages, newStage, type Stage } from './stages.ts';

/** The pipeline of a collection as it was left, kept while it is worked on. */
export function usePipeline({ stack, service, database, collection }: CollectionPlace) {
  const id = draftId(service, database, collection);
  const [stages, setStages] = useState<readonly Stage[] | null>(null);
  const drafts = useQuery({
    queryKey: ['documents', stack, 'drafts', id],
    queryFn: () => api.notebook.saved({ stack, panel: 'documents', kind: 'draft' }),
    staleTime: 0,
    gcTime: 0,
  });
  useEffect(() => {
    if (stages !== null || !(drafts.isSuccess || drafts.isError)) return;
    const kept = keptStages(drafts.data?.find((item) => item.id === id)?.body ?? '');
    setStages(kept.length > 0 ? kept : [newStage('$match')]);
  }, [drafts.isSuccess, drafts.isError, drafts.data, id, stages]);
  const keep = useDebouncedCallback((next: readonly Stage[]) => {
    const body = JSON.stringify({ stages: next.map(({ text, on }) => ({ text, on })) });
    void api.notebook
      .save({ stack, item: { id, panel: 'documents', kind: 'draft', name: `${database}.${collection}`.slice(0, 200), body } })
      .catch(() => undefined);
  }, 600);
  return {
    stages,
    set(next: readonly Stage[]) {
      setStages(next);
      keep(next);
    },
  };
}
