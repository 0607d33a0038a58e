import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { metadataOf } from './entry.ts';
import { FrameSplitter, frameOf } from './frames.ts';
import { fieldsOf, messageWith } from './protobuf.ts';

describe('frames', () => {
  it('are told apart however their bytes come', () => {
    const bytes = Buffer.concat([frameOf('ping', {}), frameOf('flow', { 1: 1, 2: 5_000 }), frameOf('success', { 1: 7 })]);
    for (const size of [1, 3, 5, bytes.length]) {
      const splitter = new FrameSplitter();
      const names = [];
      for (let at = 0; at < bytes.length; at += size) {
        for (const { name, command } of splitter.split(bytes.subarray(at, at + size))) {
          names.push([name, ...[...fieldsOf(command)].map(({ value }) => Number(value))]);
        }
      }
      expect(names).toEqual([['ping'], ['flow', 1, 5_000], ['success', 7]]);
    }
  });

  it('of what is no broker, or of more than a broker sends, are refused', () => {
    const refused = ['HTTP/1.1 400 Bad Request', '\0\0\0\0', '\0\0\0\x08\0\0\0\xff\0\0\0\0'];
    for (const text of refused) expect(() => [...new FrameSplitter().split(Buffer.from(text, 'latin1'))]).toThrow(RangeError);
  });
});

describe('an entry', () => {
  const withMetadata = (fields: Parameters<typeof messageWith>[0], payload: Buffer, checksum: boolean) => {
    const metadata = messageWith(fields);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(metadata.length);
    return Buffer.concat([...(checksum ? [Buffer.from('0e0112345678', 'hex')] : []), size, metadata, payload]);
  };

  it('tells what it holds, with a checksum before it or without', () => {
    const fields = { 1: 'producer', 2: 3, 3: 1_767_323_045_678, 4: messageWith({ 1: 'name', 2: 'value' }), 6: 'key', 11: 20 };
    const expected = { messages: 20, key: 'key', properties: { name: 'value' }, published: 1_767_323_045_678, bytes: Buffer.from('all') };
    for (const checksum of [true, false]) expect(metadataOf(withMetadata(fields, Buffer.from('all'), checksum))).toEqual(expected);
  });

  it('is read when Node can decompress it, and else left to the broker', () => {
    const plain = Buffer.alloc(10_000, 'text');
    const of = (compression: number, payload: Buffer, more: Record<number, number | Buffer> = {}) =>
      metadataOf(withMetadata({ 3: 1, 8: compression, 9: plain.length, ...more }, payload, true)).bytes;
    expect(of(3, zstdCompressSync(plain))).toEqual(plain);
    expect(of(1, plain)).toBeUndefined();
    expect(of(0, plain, { 13: Buffer.alloc(0) })).toBeUndefined();
    expect(of(3, zstdCompressSync(plain), { 9: 2 ** 31 })).toBeUndefined();
  });
});
