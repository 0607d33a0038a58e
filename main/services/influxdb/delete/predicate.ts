/**
 * Delete predicates: `"key"="value" AND …`, the only form InfluxDB 2 takes. Keys and values are written as its
 * scanner reads delimited names, with the four escapes that it knows.
 * https://docs.influxdata.com/influxdb/v2/reference/syntax/delete-predicate/
 */
import type { PointChoice } from '../../../../preload/contract/index.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';

/** A name or value in double quotes. */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))}"`;
}

/** One predicate for each combination of the filters' values. @throws NoodleError too-large, not-supported-by-server */
export function predicatesFor(choice: Pick<PointChoice, 'measurement' | 'filters' | 'fields'>): string[] {
  if (choice.fields.length > 0) {
    throw new NoodleError({
      code: 'not-supported-by-server',
      what: 'InfluxDB 2 cannot delete single fields.',
      todo: 'Choose all fields: points are deleted with every field they have.',
    });
  }
  if (choice.filters.some(({ values }) => values.includes(''))) {
    throw new NoodleError({
      code: 'not-supported-by-server',
      what: 'InfluxDB 2 cannot delete points by a tag that they do not have.',
      todo: 'Choose values of the tag.',
    });
  }
  const count = choice.filters.reduce((product, { values }) => product * values.length, 1);
  if (count > limits.deletePredicates) {
    throw new NoodleError({
      code: 'too-large',
      what: `This would take ${count} predicates; ${limits.deletePredicates} are the most at once.`,
      todo: 'Choose fewer tag values.',
    });
  }
  let predicates = [`_measurement=${quoted(choice.measurement)}`];
  for (const { key, values } of choice.filters) {
    predicates = predicates.flatMap((predicate) => values.map((value) => `${predicate} AND ${quoted(key)}=${quoted(value)}`));
  }
  return predicates;
}
