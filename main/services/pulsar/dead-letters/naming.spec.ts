import { describe, expect, it } from 'vitest';
import { deadLetterOf, originOf, reasonOf } from './naming.ts';

const base = 'persistent://public/default/';

describe('dead-letter topics', () => {
  it('are told by their names, the topic apart from the subscription', () => {
    const known = new Set([`${base}compilation-events`, `${base}compilation`]);
    expect(deadLetterOf(`${base}compilation-events-my-worker-DLQ`, known)).toEqual({
      kind: 'dead-letter',
      origin: `${base}compilation-events`,
      subscription: 'my-worker',
    });
    expect(deadLetterOf(`${base}compilation-x-RETRY`, known)).toEqual({ kind: 'retry', origin: `${base}compilation`, subscription: 'x' });
    expect(deadLetterOf(`${base}gone-worker-DLQ`, known)).toMatchObject({ origin: `${base}gone`, subscription: 'worker' });
    for (const name of ['compilation-events', 'DLQ', '-DLQ', 'x-DLQ', 'a-b-dlq']) expect(deadLetterOf(base + name, known)).toBeNull();
  });

  it('say where a message came from, and why it is there', () => {
    expect(originOf({ REAL_TOPIC: 't', ORIGIN_MESSAGE_ID: '8:1:-1' }, null)).toEqual({
      origin: 't',
      originId: '8:1:-1',
      subscription: null,
    });
    expect(reasonOf({ EXCEPTION_STACKTRACE: 'at x', EXCEPTION: 'Boom\nat y', REAL_TOPIC: 't' })).toBe('Boom');
    expect(reasonOf({ RECONSUMETIMES: '16' })).toContain('16 retries');
    expect(reasonOf({})).toContain('nothing on it says why');
  });
});
