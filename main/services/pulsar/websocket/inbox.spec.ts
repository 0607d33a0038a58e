import { expect, it } from 'vitest';
import type { Message } from '../messaging.ts';
import { Inbox } from './inbox.ts';

const message = (id: string): Message => ({ id, data: Buffer.from(id), key: undefined, properties: {}, publishedAt: 0, redeliveries: 0 });

it('hands out messages in the order they came, whoever waited first goes first', async () => {
  const inbox = new Inbox();
  const waiting = [inbox.take(), inbox.take()];
  for (const id of ['a', 'b', 'c']) inbox.put(message(id));
  expect((await Promise.all([...waiting, inbox.take()])).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

it('keeps one of a message that came again before it was taken', async () => {
  const inbox = new Inbox();
  expect(inbox.put(message('a'))).toBe(true);
  expect(inbox.put(message('a'))).toBe(false);
  await inbox.take();
  expect(inbox.put(message('a'))).toBe(true);
});

it('gives nothing to a taker that was cancelled', async () => {
  const inbox = new Inbox();
  const abort = new AbortController();
  const cancelled = inbox.take(abort.signal);
  abort.abort(new Error('enough'));
  await expect(cancelled).rejects.toThrow('enough');
  inbox.put(message('a'));
  expect((await inbox.take()).id).toBe('a');
});

it('lets what came before the end be taken, then says why it ended', async () => {
  const inbox = new Inbox();
  inbox.put(message('a'));
  inbox.end(new Error('closed'));
  expect((await inbox.take()).id).toBe('a');
  await expect(inbox.take()).rejects.toThrow('closed');
});
