import { useQuery } from '@tanstack/react-query';
import type { Catalog, CatalogTable } from '../../../../preload/contract/sql.ts';
import { api } from '../../../api/client.ts';

/** The live schema. It is read again when something was run that may have changed it. */
export function useCatalog(stack: string, service: string) {
  return useQuery({
    queryKey: catalogKey(stack, service),
    queryFn: ({ signal }) => api.sql.catalog({ stack, service }, { signal }),
    staleTime: 30_000,
    retry: false,
    // A server that was away is found again by itself.
    refetchInterval: (query) => (query.state.status === 'error' ? 3_000 : false),
  });
}

export function catalogKey(stack: string, service: string) {
  return ['sql-catalog', stack, service];
}

export function tableOf(catalog: Catalog | undefined, schema: string, table: string): CatalogTable | undefined {
  return catalog?.tables.find((each) => each.schema === schema && each.name === table);
}
