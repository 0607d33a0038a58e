import { expect, test } from 'vitest';
import { batchedMessages } from './batch.ts';

const text = (field: number, value: string) => [(field << 3) | 2, value.length, ...Buffer.from(value)];
const property = (name: string, value: string) => {
  const pair = [...text(1, name), ...text(2, value)];
  return [(1 << 3) | 2, pair.length, ...pair];
};
function message(metadata: readonly number[], payload: string): Buffer {
  const size = [(3 << 3) | 0, payload.length];
  const all = Buffer.from([...metadata, ...size]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(all.length);
  return Buffer.concat([length, all, Buffer.from(payload)]);
}

test('the messages of a batch are told apart, with key, properties and event time', () => {
  const entry = Buffer.concat([
    message([...property('a', '1'), ...property('b', ''), ...text(2, 'key'), (5 << 3) | 0, 0x80, 0x08], 'first'),
    message([(4 << 3) | 0, 1], 'compacted away'),
    message([], ''),
  ]);
  const messages = [...batchedMessages(entry, 3)].map(({ payload, bytes: _, ...rest }) => ({ ...rest, payload: payload.toString() }));
  expect(messages).toEqual([
    { index: 0, key: 'key', properties: { a: '1', b: '' }, eventTime: 1_024, payload: 'first' },
    { index: 2, key: undefined, properties: {}, eventTime: 0, payload: '' },
  ]);
});

test('what is no batch is not taken for one', () => {
  const whole = message(text(2, 'key'), 'payload');
  for (const size of [0, 3, 4, 6, whole.length - 1]) expect(() => [...batchedMessages(whole.subarray(0, size), 1)]).toThrow(RangeError);
  expect(() => [...batchedMessages(Buffer.from('{"plain":"json"}'), 1)]).toThrow(RangeError);
});
