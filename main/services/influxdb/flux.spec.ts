import { expect, it } from 'vitest';
import { containing, duration, points, spanOf, strings } from './flux.ts';

/** What someone might try to break out of a string literal with. */
const hostileTexts = ['" or true or r["a"] == "', '\\', '\\" |> drop()', '${1 + 1}', '$${x}', 'a\nb', "'", '\u0000', 'ünïcödé ✓'];

const span = { start: 0, stop: 3_600_000 };

it.each(hostileTexts)('keeps %j inside string literals wherever it stands', (text) => {
  const query = points(
    { bucket: text, measurement: text, fields: [text, 'v'], filters: [{ key: text, values: [text, `${text}2`] }] },
    span,
  ).toString();
  expect(outsideLiterals(query)).toBe(outsideLiterals(points(
    { bucket: 'b', measurement: 'm', fields: ['f', 'v'], filters: [{ key: 'k', values: ['x', 'y'] }] },
    span,
  ).toString())); // biome-ignore format: one act
  expect(outsideLiterals(containing(text).toString())).toBe(outsideLiterals(containing('x').toString()));
  expect(outsideLiterals(strings([text, text]).toString())).toBe('[, ]');
});

it('asks for a missing tag by its absence', () => {
  const query = points({ bucket: 'b', measurement: 'm', fields: [], filters: [{ key: 'host', values: [''] }] }, span).toString();
  expect(query).toContain('not exists r["host"]');
});

it('refuses windows and ranges that are none', () => {
  expect(() => duration(0)).toThrow();
  expect(() => duration(1.5)).toThrow();
  expect(() => spanOf({ start: 5, stop: 5 })).toThrow('must end after');
  expect(() => spanOf({ start: 0, stop: Date.parse('2500-01-01') })).toThrow('outside');
  expect(spanOf({ last: 1_000 }, 5_000)).toEqual({ start: 4_000, stop: 5_000 });
});

/** What is left of Flux without its string literals, as its scanner reads them. */
function outsideLiterals(query: string): string {
  return query.replace(/"(?:\\[\s\S]|[^"\\])*"/g, '');
}
