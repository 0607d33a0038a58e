/** How lines are called, and in which unit their numbers are. */
import type { ChartLine } from '../../../../preload/contract/index.ts';

/** The name of each line: what tells it from the others; the measurement when there is only one. */
export function lineNames(lines: readonly Pick<ChartLine, 'labels'>[], measurement: string): string[] {
  const keys = [...new Set(lines.flatMap(({ labels }) => Object.keys(labels)))];
  const telling = keys.filter((key) => new Set(lines.map(({ labels }) => labels[key])).size > 1);
  const names = lines.map(({ labels }) => telling.map((key) => labels[key] || `no ${key}`).join(' · ') || fieldOr(labels, measurement));
  // Lines must not share a name: it is how they are chosen in the legend.
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** A field that is only called value says nothing. */
function fieldOr({ _field }: Readonly<Record<string, string>>, measurement: string): string {
  return _field && _field !== 'value' ? _field : measurement;
}

const units: readonly [pattern: RegExp, unit: string][] = [
  [/(_|^)(ms|milliseconds|millis)$/, 'ms'],
  [/(_|^)(bytes|memory|memory_max|size|storage|heap|disk|storage_size|data_size|index_size)(_|$)/, 'bytes'],
  [/(_|^)percent$/, '%'],
  [/(_|^)mb$/, 'MB'],
  [/(_|^)kb$/, 'KB'],
  [/(_|^)rps$/, '/s'],
];

/** The unit that all names end in; undefined when they do not agree. */
export function unitOf(names: readonly string[]): string | undefined {
  const found = new Set(names.map((name) => units.find(([pattern]) => pattern.test(name))?.[1]));
  const [unit] = found;
  return found.size === 1 ? unit : undefined;
}

/** The words of a chart in which its unit may stand: fields, and values of tags that name a metric. */
export function unitWords(
  lines: readonly Pick<ChartLine, 'labels'>[],
  filters: readonly { key: string; values: readonly string[] }[],
): string[] {
  const named = filters.filter(({ key }) => /name|metric|unit/.test(key)).flatMap(({ values }) => values);
  if (named.length > 0) return named;
  return lines.map(({ labels }) => {
    const byTag = Object.entries(labels).find(([key]) => key !== '_field' && /name|metric/.test(key))?.[1];
    return byTag ?? labels._field ?? '';
  });
}
