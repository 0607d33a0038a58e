import { createContext, useContext } from 'react';
import type { DocumentServer } from '../../../preload/contract/index.ts';
import type { DocumentsSearch } from './search.ts';

/** What all pieces of the panel know: where they are, and how the address is changed. */
export interface Place {
  readonly stack: string;
  readonly service: string;
  /** Undefined until it has told. */
  readonly server: DocumentServer | undefined;
  readonly search: DocumentsSearch;
  readonly go: (change: DocumentsSearch) => void;
}

const PlaceContext = createContext<Place | null>(null);
export const PlaceProvider = PlaceContext.Provider;

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (place === null) throw new Error('outside the documents panel');
  return place;
}

/** A collection that is looked at. */
export interface CollectionPlace {
  readonly stack: string;
  readonly service: string;
  readonly database: string;
  readonly collection: string;
}
