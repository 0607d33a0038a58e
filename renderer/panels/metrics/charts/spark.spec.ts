import { expect, it } from 'vitest';
import { sparkOf } from './spark.ts';

it('fills its box and passes over what is missing', () => {
  expect(sparkOf([0, null, 10], 100, 24)).toBe('M0.0 23.0L100.0 1.0');
  expect(sparkOf([5, 5], 10, 10)).toBe('M0.0 5.0L10.0 5.0');
  expect(sparkOf([null, 3], 10, 10)).toBe('');
});
