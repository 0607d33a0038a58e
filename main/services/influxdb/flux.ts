/**
 * The one place where Flux is made of values. Names and values go through the client's `flux` tag, which writes
 * them as escaped string literals; column names are only ever reached as `r["…"]`. OSS 2.7 takes no `params`, and
 * a predicate with a variable bound by `extern` is not pushed down to storage, which literals are.
 */
import {
  type FluxParameterLike,
  flux,
  fluxDateTime,
  fluxDuration,
  fluxExpression,
  fluxString,
  type ParameterizedQuery,
} from '@influxdata/influxdb-client';
import type { MetricRange, PointChoice, TagFilter } from '../../../preload/contract/index.ts';
import { NoodleError } from '../../errors.ts';

export { flux, type ParameterizedQuery };

/** Either end of a range, resolved. */
export interface Span {
  readonly start: number;
  readonly stop: number;
}

/** @throws NoodleError bad-argument for a range that is empty, or that lies outside what the server can hold */
export function spanOf(range: MetricRange, now = Date.now()): Span {
  const span = 'last' in range ? { start: now - range.last, stop: now } : range;
  if (span.stop <= span.start) {
    throw new NoodleError({ code: 'bad-argument', what: 'A time range must end after it starts.', todo: 'Give a start before the stop.' });
  }
  if (span.start < earliest || span.stop > latest) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'This time range is outside of what InfluxDB can hold.',
      todo: 'Stay between 1678 and 2262.',
    });
  }
  return span;
}

/** Times are ns in 64 bits. */
const earliest = Date.parse('1677-09-22T00:00:00Z');
const latest = Date.parse('2262-04-11T00:00:00Z');
/** All that a bucket can hold. */
export const always: Span = { start: earliest, stop: latest };

export function time(ms: number): FluxParameterLike {
  return fluxDateTime(new Date(ms).toISOString());
}

/** @param ms a whole number */
export function duration(ms: number): FluxParameterLike {
  if (!Number.isSafeInteger(ms) || ms <= 0) throw new NoodleError({ code: 'bad-argument', what: `${ms} ms is no window.` });
  return fluxDuration(`${ms}ms`);
}

/** `["a", "b"]` */
export function strings(values: readonly string[]): FluxParameterLike {
  return fluxExpression(`[${values.map((value) => fluxString(value).toString()).join(', ')}]`);
}

/** `from |> range`: where every query begins. */
export function source(bucket: string, span: Span): ParameterizedQuery {
  return flux`from(bucket: ${bucket})
  |> range(start: ${time(span.start)}, stop: ${time(span.stop)})`;
}

/** `from |> range |> filter`: the points of a choice. */
export function points(choice: PointChoice, span: Span): ParameterizedQuery {
  return flux`${source(choice.bucket, span)}
  |> filter(fn: (r) => ${predicate(choice)})`;
}

/** `r["_measurement"] == "…" and …` */
export function predicate({ measurement, fields, filters }: Omit<PointChoice, 'bucket'>): ParameterizedQuery {
  return all([
    flux`r["_measurement"] == ${measurement}`,
    ...(fields.length > 0 ? [oneOf('_field', fields)] : []),
    ...filters.map(({ key, values }: TagFilter) => oneOf(key, values)),
  ]);
}

/** A tag that is missing is the empty string, in filters as in the window. */
function oneOf(key: string, values: readonly string[]): ParameterizedQuery {
  const tests = values.map((value) => (value === '' ? flux`not exists r[${key}]` : flux`r[${key}] == ${value}`));
  return tests.length === 1 ? tests[0]! : flux`(${joined(tests, flux` or `)})`;
}

function all(tests: readonly ParameterizedQuery[]): ParameterizedQuery {
  return joined(tests, flux` and `);
}

function joined(parts: readonly ParameterizedQuery[], between: ParameterizedQuery): ParameterizedQuery {
  return parts.reduce((left, right) => flux`${left}${between}${right}`);
}

/** Rows whose `_value` contains the text, without regard to case; nothing for no text. Needs `import "strings"`. */
export function containing(text: string): ParameterizedQuery {
  if (text === '') return flux``;
  return flux`
  |> filter(fn: (r) => strings.containsStr(v: strings.toLower(v: r._value), substr: ${text.toLowerCase()}))`;
}

/** Any of many tests, halved again and again: the server takes no text that is nested deep, as a long chain of `or` is. @param tests at least one */
export function anyOf(tests: readonly ParameterizedQuery[]): ParameterizedQuery {
  if (tests.length === 1) return tests[0]!;
  const middle = Math.ceil(tests.length / 2);
  return flux`(${anyOf(tests.slice(0, middle))} or ${anyOf(tests.slice(middle))})`;
}

/** Points one of whose tags has this value. @param keys at least one */
export function taggedWith(keys: readonly string[], value: string): ParameterizedQuery {
  return joined(
    keys.map((key) => flux`r[${key}] == ${value}`),
    flux` or `,
  );
}
