import type { RedisType } from '../../../preload/contract/index.ts';

export const cacheTabs = ['keys', 'console', 'changes', 'profiler', 'slow-log', 'clients', 'memory', 'charts'] as const;
export type CacheTab = (typeof cacheTabs)[number];
export const keyTypes = ['string', 'hash', 'list', 'set', 'zset', 'stream', 'json'] as const satisfies readonly RedisType[];

/** What the cache panel shows, kept in the address. */
export interface CacheSearch {
  /** The service looked at; none: the stack's only one of the kind. */
  service?: string;
  /** None: the keys. */
  tab?: CacheTab;
  /** What keys are narrowed to: a glob, or a text anywhere in them. */
  text?: string;
  type?: RedisType;
  /** A plain list instead of a tree. */
  list?: boolean;
  /** The key shown, as the API writes keys. */
  key?: string;
}

export function cacheSearch(search: Record<string, unknown>): CacheSearch {
  const text = (value: unknown, most: number) => (typeof value === 'string' && value !== '' && value.length <= most ? value : undefined);
  // A key or a pattern that is all digits comes out of the address as a number.
  const given = (value: unknown) => (typeof value === 'number' ? String(value) : value);
  return withoutNothing({
    service: text(search.service, 63),
    tab: cacheTabs.find((each) => each === search.tab && each !== 'keys'),
    text: text(given(search.text), 4096),
    type: keyTypes.find((each) => each === search.type),
    list: search.list === true ? true : undefined,
    // The empty key is a key.
    key: search.key === '' ? '' : text(given(search.key), 200_000),
  });
}

function withoutNothing(search: CacheSearch): CacheSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}
