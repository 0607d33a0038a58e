import { expect, it } from 'vitest';
import { firstLook } from './defaults.ts';

const list = (...names: string[]) => ({ names, cut: false });
const many = (count: number) => ({ names: Array.from({ length: count }, (_, index) => String(index)), cut: false });

it('splits by the tag that names the metric, else by the one with the fewest values', () => {
  const tags = { job_id: many(400), metric_type: list('compilation'), metric_name: list('a', 'b', 'c'), zone: list('x', 'y') };
  expect(firstLook(list('value'), tags)).toMatchObject({ group: ['metric_name'], fields: undefined });
  expect(firstLook(list('value'), { host: list('a', 'b', 'c'), zone: list('x', 'y') })).toMatchObject({ group: ['zone'] });
});

it('splits by nothing where there would be too many lines', () => {
  expect(firstLook(list('value'), { id: many(500), cut: { names: ['a', 'b'], cut: true } })).toMatchObject({ group: undefined });
});

it('takes one field of many, and all of a few', () => {
  expect(firstLook(many(20), {})).toMatchObject({ fields: ['0'] });
  expect(firstLook(many(2), {})).toMatchObject({ fields: undefined });
});
