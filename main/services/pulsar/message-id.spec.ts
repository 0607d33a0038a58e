import { describe, expect, it } from 'vitest';
import { afterWhich, decodeId, encodeId, idText, parseId } from './message-id.ts';

describe('message ids', () => {
  it('are read as Pulsar writes them', () => {
    expect(decodeId('CAgQADAA')).toEqual({ ledger: 8n, entry: 0n, partition: -1, batch: -1, batchSize: 0 });
    expect(decodeId('CA8QARgBMAA=')).toMatchObject({ ledger: 15n, entry: 1n, partition: 1 });
    expect(decodeId('CAgQAhj///////////8BIP///////////wE=')).toMatchObject({ entry: 2n, partition: -1, batch: -1 });
  });

  it('keep their parts through both forms', () => {
    for (const text of ['8:42', '9223372036854775806:0:3', '8:42:-1:7', '1:2:3:4']) {
      expect(idText(parseId(text))).toBe(text);
      expect(idText(decodeId(encodeId(parseId(text))))).toBe(text);
    }
  });

  it('have a place before them where a reader can begin, behind the whole of a batch', () => {
    expect(idText(decodeId(afterWhich(parseId('8:42'))))).toBe('8:41:-1:2147483647');
    expect(idText(decodeId(afterWhich(parseId('8:42:1:5'))))).toBe('8:42:-1:4');
    expect(idText(decodeId(afterWhich(parseId('8:0'))))).toBe('8:-1');
  });

  it('say so when they are none', () => {
    for (const text of ['', '8', 'a:b', '8:42:x', '////', '8:42; drop']) expect(() => parseId(text)).toThrow(/is no message id/);
  });
});
