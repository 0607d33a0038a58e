import { expect, it } from 'vitest';
import { jsonProblemAt } from './json-problem.ts';

it.each([
  ['{"a":}', 5],
  ['{"a" 1}', 5],
  ['[1,]', 3],
  ['{"a":1,}', 7],
  ['', 0],
  ['{"a":[1,2', 9],
  ['nul', 0],
  ['[1 2]', 3],
  ['{} x', 3],
  ["{'a':1}", 1],
  ['[01]', 2],
])('%s goes wrong at %i', (text, at) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(jsonProblemAt(text)).toBe(at);
});
