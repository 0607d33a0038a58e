import { expect, it } from 'vitest';
import { predicatesFor, quoted } from './predicate.ts';

it('writes names and values as the scanner reads them', () => {
  expect(quoted('a "b" \\ c\nd')).toBe('"a \\"b\\" \\\\ c\\nd"');
});

it('has a predicate for each combination of values', () => {
  const filters = [
    { key: 'host', values: ['a', 'b'] },
    { key: 'region', values: ['x'] },
  ];
  expect(predicatesFor({ measurement: 'm', filters, fields: [] })).toEqual([
    '_measurement="m" AND "host"="a" AND "region"="x"',
    '_measurement="m" AND "host"="b" AND "region"="x"',
  ]);
});

it('refuses what the server cannot do, and too much at once', () => {
  const filters = Array.from({ length: 3 }, (_, tag) => ({
    key: `t${tag}`,
    values: Array.from({ length: 10 }, (_, index) => String(index)),
  }));
  expect(() => predicatesFor({ measurement: 'm', filters, fields: [] })).toThrow('1000 predicates');
  expect(() => predicatesFor({ measurement: 'm', filters: [], fields: ['v'] })).toThrow('single fields');
  expect(() => predicatesFor({ measurement: 'm', filters: [{ key: 'a', values: [''] }], fields: [] })).toThrow('do not have');
});
