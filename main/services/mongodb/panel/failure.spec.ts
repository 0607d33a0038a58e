import { expect, it } from 'vitest';
import { asNoodleError, NoodleError } from '../../../errors.ts';
import type { Connection } from '../../kind.ts';
import { failure, placed } from './failure.ts';

const connection = { host: 'localhost', port: 1, parts: {} } as unknown as Connection;
const server = (message: string, more: object) => Object.assign(new Error(message), { name: 'MongoServerError', ...more });

it.each([
  ['$group accumulator "$nope" is not implemented yet', '{ $group: { a: { $nope: 1 } } }', 17],
  ['unknown operator: $in', '{ a: { $inn: 1, $in: 5 } }', 16],
  ['$group needs an _id', '{ $group: {} }', 2],
])('%s: the place of what the server means', (message, text, offset) => {
  const error = placed(new NoodleError({ code: 'query-failed', what: message }), 'Filter', text);
  expect(asNoodleError(error).problem).toMatchObject({ what: `Filter: ${message}`, at: { offset } });
});

it('an error that names nothing in the text stays without a place', () => {
  const error = new NoodleError({ code: 'query-failed', what: 'no $such thing' });
  expect(placed(error, 'Filter', '{ a: 1 }')).toBe(error);
});

it('what the server refuses has a code of ours, and its own words', () => {
  expect(failure(server('E11000 duplicate', { code: 11_000 }), connection).code).toBe('conflict');
  expect(failure(server('Unrecognized pipeline stage', { code: 40_324 }), connection).code).toBe('not-supported-by-server');
  expect(failure(server('time limit', { code: 50 }), connection).problem.todo).toContain('more time');
  const invalid = failure(server('failed validation', { code: 121, errInfo: { details: { rule: 'name' } } }), connection);
  expect(invalid.problem.why).toContain('name');
  expect(failure(Object.assign(new Error('x'), { name: 'MongoServerSelectionError' }), connection).code).toBe('service-unreachable');
  expect(failure(server('who knows', {}), connection).problem).toMatchObject({ code: 'query-failed', what: 'who knows.' });
});
