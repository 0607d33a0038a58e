import { expect, it } from 'vitest';
import { limits } from '../../limits.ts';
import { type OutgoingMessage, type Producer, sendAll } from './messaging.ts';

const messages = function* (count: number): Generator<OutgoingMessage> {
  for (let index = 0; index < count; index++) yield { data: String(index) };
};

function producer(send: (data: string) => Promise<string>): Producer {
  return { send: ({ data }) => send(String(data)), close: async () => {} };
}

it('sends all, with no more in flight than a batch holds', async () => {
  let inFlight = 0;
  let most = 0;
  const sent = await sendAll(
    producer(async (data) => {
      most = Math.max(most, ++inFlight);
      await new Promise(setImmediate);
      inFlight--;
      return data;
    }),
    messages(limits.pulsarBatchMessages * 3),
  );
  expect(sent).toBe(limits.pulsarBatchMessages * 3);
  expect(most).toBe(limits.pulsarBatchMessages);
});

it('stops taking messages once one has failed, and throws why', async () => {
  let taken = 0;
  const counted = (function* () {
    for (const message of messages(limits.pulsarBatchMessages * 10)) {
      taken++;
      yield message;
    }
  })();
  const failing = producer(async (data) => {
    if (data === '5') throw new Error('topic was deleted');
    return data;
  });
  await expect(sendAll(failing, counted)).rejects.toThrow('topic was deleted');
  expect(taken).toBeLessThanOrEqual(limits.pulsarBatchMessages + 1);
});

it('ends with the reason of its signal', async () => {
  const abort = new AbortController();
  const sending = sendAll(
    producer(async (data) => {
      abort.abort(new Error('enough'));
      return data;
    }),
    messages(10),
    abort.signal,
  );
  await expect(sending).rejects.toThrow('enough');
});
