import type { PrefixMemory } from '../../../../preload/contract/index.ts';

export interface PrefixSort {
  readonly key: string;
  readonly descending: boolean;
}

const measures: Readonly<Record<string, (row: PrefixMemory) => number | string>> = {
  prefix: ({ prefix }) => prefix,
  memory: ({ memory }) => memory,
  share: ({ memory }) => memory,
  keys: ({ keys }) => keys,
  mean: ({ memory, keys }) => (keys === 0 ? 0 : memory / keys),
  largest: ({ largest }) => largest,
  largestKey: ({ largestKey }) => largestKey,
  lasting: ({ lasting }) => lasting,
  types: ({ types }) => types.join(),
};

export function sortedPrefixes(rows: readonly PrefixMemory[], { key, descending }: PrefixSort): readonly PrefixMemory[] {
  const measure = measures[key] ?? measures.memory!;
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [x, y] = [measure(a), measure(b)];
    return x < y ? -sign : x > y ? sign : 0;
  });
}
