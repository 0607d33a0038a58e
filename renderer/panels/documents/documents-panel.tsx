import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api } from '../../api/client.ts';
import { useStack } from '../../api/stack.tsx';
import { ServiceGate } from '../../ui/service-gate.tsx';
import { DocumentsLayout } from './documents-layout.tsx';
import { type Place, PlaceProvider } from './place.tsx';
import { type DocumentsSearch, documentsSearch } from './search.ts';

/** Databases and collections of MongoDB, their documents, and what can be done with them. */
export function DocumentsPanel() {
  const search = useSearch({ from: '/documents' });
  return (
    <ServiceGate kind="mongodb" service={search.service}>
      {(service) => <Documents service={service} search={search} />}
    </ServiceGate>
  );
}

function Documents({ service, search }: { service: string; search: DocumentsSearch }) {
  const { stack } = useStack();
  const navigate = useNavigate();
  const server = useQuery({
    queryKey: ['documents', stack, service, 'server'],
    queryFn: ({ signal }) => api.documents.server({ stack, service }, { signal }),
    staleTime: 300_000,
    retry: 2,
  });
  const place = useMemo<Place>(
    () => ({
      stack,
      service,
      server: server.data,
      search,
      go: (change) =>
        void navigate({ to: '/documents', search: documentsSearch({ ...search, ...change }), replace: change.coll === undefined }),
    }),
    [stack, service, server.data, search, navigate],
  );
  return (
    <PlaceProvider value={place}>
      <DocumentsLayout />
    </PlaceProvider>
  );
}
