import { expect, it } from 'vitest';
import { Turnstile } from './turnstile.ts';

it('lets no more through at once than it has places, in the order they came', async () => {
  const turnstile = new Turnstile(2);
  const entered: number[] = [];
  let inside = 0;
  let most = 0;
  const pass = async (visitor: number) => {
    const leave = await turnstile.enter();
    entered.push(visitor);
    most = Math.max(most, ++inside);
    await new Promise(setImmediate);
    inside--;
    leave();
  };
  await Promise.all([1, 2, 3, 4, 5].map(pass));
  expect(entered).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

it('forgets who was cancelled while waiting', async () => {
  const turnstile = new Turnstile(1);
  const leave = await turnstile.enter();
  const abort = new AbortController();
  const waiting = turnstile.enter(abort.signal);
  const next = turnstile.enter();
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  leave();
  await expect(next).resolves.toBeTypeOf('function');
});

it('takes a place back only once', async () => {
  const turnstile = new Turnstile(1);
  const leave = await turnstile.enter();
  leave();
  leave();
  await turnstile.enter();
  const abort = new AbortController();
  const third = turnstile.enter(abort.signal);
  abort.abort(new Error('full'));
  await expect(third).rejects.toThrow('full');
});
