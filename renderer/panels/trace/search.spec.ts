import { expect, it } from 'vitest';
import { traceSearch } from './search.ts';

it('an id is kept as it is, also one that reads as a number', () => {
  expect(traceSearch({ id: ' abc ' })).toEqual({ id: 'abc' });
  expect(traceSearch({ id: 42 })).toEqual({ id: '42' });
  expect(traceSearch({ id: '' })).toEqual({});
  expect(traceSearch({ id: ['x'] })).toEqual({});
});
