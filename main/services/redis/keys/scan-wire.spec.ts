import { expect, it } from 'vitest';
import { ScanReader } from './scan-wire.ts';

const reply = Buffer.from('+OK\r\n*2\r\n$2\r\n17\r\n*3\r\n$1\r\na\r\n$4\r\n\r\n\r\n\r\n$0\r\n\r\n*2\r\n$1\r\n0\r\n*0\r\n');

/** However the bytes come in pieces, what is read is the same. */
it.each([1, 2, 3, 7, 1_000])('reads steps of SCAN from pieces of %i bytes', (size) => {
  const told: string[] = [];
  const reader = new ScanReader((buffer, from, to) => told.push(JSON.stringify(buffer.toString('utf8', from, to))));
  reader.onCursor = (cursor) => told.push(`cursor ${cursor}`);
  reader.skipSimple(1);
  for (let at = 0; at < reply.length; at += size) {
    reader.push(reply.subarray(at, at + size));
    for (let read = reader.read(); read !== 'more'; read = reader.read()) if (read === 'step') told.push(`step of ${reader.keys}`);
  }
  expect(told).toEqual(['cursor 17', '"a"', '"\\r\\n\\r\\n"', '""', 'step of 3', 'cursor 0', 'step of 0']);
});

it('tells what the server refused', () => {
  const reader = new ScanReader(() => {});
  reader.push(Buffer.from('-NOPERM no\r\n'));
  expect(() => reader.read()).toThrow('NOPERM no');
});
