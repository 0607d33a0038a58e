import { expect, it } from 'vitest';
import { offsetOf, problemsIn, queryFailed } from './query-error.ts';

it('points at the place that the server names', () => {
  const text = 'from(bucket:"x") |> rnge(start:-1h)';
  expect(problemsIn(text, 'error @1:21-1:25: undefined identifier rnge')).toEqual([
    { offset: 20, length: 4, message: 'undefined identifier rnge' },
  ]);
});

it('counts columns in bytes, as the server does', () => {
  const text = 'y = 1\nx = "é✓😀" + rnge';
  const [problem] = problemsIn(text, 'error @2:19-2:23: undefined identifier rnge');
  expect(text.slice(problem!.offset, problem!.offset + problem!.length)).toBe('rnge');
});

it('takes several errors of one message apart', () => {
  const message = 'compilation failed: error @2:24-2:44: expected RPAREN, got EOF\n\nerror @2:35-2:44: expected RPAREN, got EOF';
  expect(problemsIn('a\nb', message).map((problem) => problem.message)).toEqual(['expected RPAREN, got EOF', 'expected RPAREN, got EOF']);
});

it('stays inside the text when the server names a place beyond it', () => {
  expect(offsetOf('ab\ncd', 9, 9)).toBe(5);
  expect(offsetOf('ab\ncd', 2, 9)).toBe(5);
});

it('says what happened without a place where the server names none', () => {
  const { problem } = queryFailed('runtime error: cannot divide by zero', '1/0');
  expect(problem).toMatchObject({ code: 'query-failed', what: 'Cannot divide by zero.', at: undefined });
});
