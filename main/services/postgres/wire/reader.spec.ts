import { describe, expect, it } from 'vitest';
import { dataRowOf } from '../results/testing.ts';
import { MessageReader } from './reader.ts';

function message(type: string, body: string): Buffer {
  const bytes = Buffer.alloc(5 + body.length);
  bytes.write(type);
  bytes.writeInt32BE(4 + body.length, 1);
  bytes.write(body, 5);
  return bytes;
}

describe('what a server sends', () => {
  const rows = Array.from({ length: 50 }, (_, at) => dataRowOf([String(at), null, 'é'.repeat(at)]));
  const stream = Buffer.concat([
    message('T', 'columns'),
    ...rows.slice(0, 30),
    message('N', 'notice'),
    ...rows.slice(30),
    message('C', ''),
    message('Z', 'I'),
  ]);

  it('is cut into the same messages, however it arrives', () => {
    for (const size of [1, 2, 7, 64, 1_000, stream.length]) {
      const seen: string[] = [];
      let count = 0;
      const bytes: Buffer[] = [];
      const reader = new MessageReader({
        rows(some, number) {
          bytes.push(Buffer.from(some));
          count += number;
          if (seen.at(-1) !== 'rows') seen.push('rows');
        },
        message: (type, body) => void seen.push(`${type} ${body}`),
      });
      for (let at = 0; at < stream.length; at += size) reader.take(stream.subarray(at, at + size));
      expect(seen).toEqual(['T columns', 'rows', 'N notice', 'rows', 'C ', 'Z I']);
      expect(count).toBe(50);
      expect(Buffer.concat(bytes)).toEqual(Buffer.concat(rows));
    }
  });
});
