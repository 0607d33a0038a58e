/** What is shown of a measurement that someone has just chosen: a chart that says something, whatever its tags are. */
import type { NameList } from '../../../../preload/contract/index.ts';
import type { MetricsSearch } from '../search.ts';

/** Lines that can be told apart at a glance. */
const linesMost = 12;
/** As many fields as still make one chart. */
const fieldsMost = 3;

/** @param values of each tag */
export function firstLook(
  fields: NameList,
  values: Readonly<Record<string, NameList>>,
): Pick<MetricsSearch, 'fields' | 'group' | 'filters' | 'aggregate'> {
  const splitting = Object.entries(values)
    .filter(([, { names, cut }]) => !cut && names.length > 1 && names.length <= linesMost)
    // A tag that names what was measured splits better than any other: its values are not comparable.
    .sort(([a, { names: as }], [b, { names: bs }]) => Number(namesMetric(b)) - Number(namesMetric(a)) || as.length - bs.length);
  const [best] = splitting;
  return {
    fields: fields.names.length > fieldsMost ? fields.names.slice(0, 1) : undefined,
    group: best ? [best[0]] : undefined,
    filters: undefined,
    aggregate: undefined,
  };
}

function namesMetric(key: string): boolean {
  return /(^|_)(name|metric)$/.test(key);
}
