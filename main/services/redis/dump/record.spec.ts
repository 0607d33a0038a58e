import { expect, it } from 'vitest';
import { comparable, decodeRecord, encodeRecord, recordLength } from './record.ts';

it('reads a record as it was written, whatever is in it', () => {
  for (const record of [
    { key: Buffer.from([0, 10, 255]), expires: 0, payload: Buffer.from('any\0thing') },
    { key: Buffer.alloc(0), expires: 1_767_323_045_678, payload: Buffer.alloc(70_000, 7) },
  ]) {
    const bytes = Buffer.concat(encodeRecord(record));
    expect(recordLength(bytes)).toBe(bytes.length);
    expect(recordLength(bytes.subarray(0, 15))).toBeUndefined();
    expect(decodeRecord(bytes)).toEqual(record);
  }
});

it('compares values without the version of their server, and hash tables without their order', () => {
  const payload = (type: number, text: string, version: number) =>
    Buffer.concat([Buffer.from([type]), Buffer.from(text), Buffer.alloc(10, version)]);
  expect(comparable(payload(0, 'ab', 9))).toEqual(comparable(payload(0, 'ab', 12)));
  expect(comparable(payload(0, 'ab', 9))).not.toEqual(comparable(payload(0, 'ba', 9)));
  expect(comparable(payload(2, 'ab', 9))).toEqual(comparable(payload(2, 'ba', 9)));
  expect(comparable(payload(2, 'ab', 9))).not.toEqual(comparable(payload(2, 'aa', 9)));
  expect(comparable(Buffer.alloc(3))).toEqual(Buffer.alloc(0));
});
