import { expect, it } from 'vitest';
import { isCounter, typedView } from './typed.ts';

it('reads a session for what it is', () => {
  const value = JSON.stringify({ user_id: 'u', username: 'ann', created_at: '2026-01-02T03:04:05.000Z', other: 1 });
  expect(typedView('session:u', value)).toEqual({
    title: 'Session',
    rows: [
      ['User', { kind: 'text', text: 'ann' }],
      ['User id', { kind: 'id', text: 'u' }],
      ['Logged in', { kind: 'time', value: Date.UTC(2026, 0, 2, 3, 4, 5) }],
    ],
  });
});

it('leaves out what a running compilation does not have yet', () => {
  const view = typedView('compilation:j', JSON.stringify({ status: 'running', execution_time: null, memory_usage: 2048 }));
  expect(view?.rows.map(([label]) => label)).toEqual(['Status', 'Memory']);
});

it('reads nothing into other keys and broken values', () => {
  expect(typedView('profile:u', '{"username":"ann"}')).toBeUndefined();
  expect(typedView('session:u', 'not json')).toBeUndefined();
  expect(typedView('constructor:u', '{}')).toBeUndefined();
  expect(typedView('session:u', '[]')).toBeUndefined();
  expect([isCounter('counter:x', '12'), isCounter('counter:x', '1.5'), isCounter('other:x', '1')]).toEqual([true, false, false]);
});
