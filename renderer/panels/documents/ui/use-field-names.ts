import { useQuery } from '@tanstack/react-query';
import { api } from '../../../api/client.ts';
import { type Bson, parseEjson } from '../bson/bson.ts';
import type { CollectionPlace } from '../place.tsx';

/** Documents that tell the names, and how many names are offered. */
const most = { documents: 20, names: 300, depth: 3 };

/** Names of fields for completion, from some documents of the collection. */
export function useFieldNames(place: CollectionPlace): readonly string[] {
  const names = useQuery({
    queryKey: ['documents', place, 'names'],
    queryFn: async ({ signal }) => {
      const { result, page } = await api.documents.find({ ...place, limit: most.documents, first: most.documents }, { signal });
      void api.documents.close({ stack: place.stack, service: place.service, result }).catch(() => undefined);
      const found = new Set<string>();
      for (const { ejson } of page.documents) if (ejson !== null) collect(parseEjson(ejson), '', found, 0);
      return [...found].slice(0, most.names);
    },
    staleTime: 120_000,
  });
  return names.data ?? nothing;
}

const nothing: readonly string[] = [];

function collect(value: Bson, above: string, found: Set<string>, depth: number): void {
  if (value.kind !== 'object') return;
  for (const [name, field] of value.fields) {
    found.add(above + name);
    if (depth < most.depth) collect(field, `${above}${name}.`, found, depth + 1);
  }
}
