import type { DeadLetter } from '../../../../preload/contract/index.ts';

/** How many go where; `homeless` do not say where they came from. */
export function byOrigin(letters: readonly Pick<DeadLetter, 'origin'>[]): {
  origins: { origin: string; letters: number }[];
  homeless: number;
} {
  const counts = new Map<string, number>();
  let homeless = 0;
  for (const { origin } of letters) {
    if (origin === null) homeless++;
    else counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  return { origins: [...counts].map(([origin, letters]) => ({ origin, letters })).sort((a, b) => b.letters - a.letters), homeless };
}
