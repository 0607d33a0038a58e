import type { LagSample } from '../../../../preload/contract/index.ts';

/** A line a subscription; null where a sample does not have it. */
export function lagSeries(samples: readonly LagSample[]): { times: number[]; series: { name: string; values: (number | null)[] }[] } {
  const names = [...new Set(samples.flatMap(({ backlog }) => Object.keys(backlog)))].sort();
  return {
    times: samples.map(({ at }) => at),
    series: names.map((name) => ({ name, values: samples.map(({ backlog }) => (Object.hasOwn(backlog, name) ? backlog[name]! : null)) })),
  };
}
