import { gzipSync } from 'node:zlib';
import { encode } from '@msgpack/msgpack';
import { expect, it } from 'vitest';
import { decodeValue, suggested } from './decode.ts';

it('undoes one layer after the other', async () => {
  const json = '{"big":9007199254740993,"a":[1]}';
  const raw = Buffer.from(gzipSync(json).toString('base64'));
  expect(await suggested(raw)).toEqual(['base64', 'gzip', 'json']);
  expect(await decodeValue(raw, ['base64', 'gzip', 'json'])).toMatchObject({ kind: 'json', text: json, bytes: json.length });
});

it('reads MessagePack with its integers exact', async () => {
  const raw = Buffer.from(encode({ n: 2n ** 60n, bytes: new Uint8Array([1, 2]), ok: true }, { useBigInt64: true }));
  expect(await suggested(raw)).toEqual(['msgpack']);
  const { text, kind } = await decodeValue(raw, ['msgpack']);
  expect([kind, JSON.parse(text)]).toEqual(['json', { n: '1152921504606846976', bytes: 'AQI=', ok: true }]);
});

it('stops a gzip that is far larger inside', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
  await expect(decodeValue(bomb, ['gzip'])).rejects.toMatchObject({ code: 'too-large' });
  expect(await suggested(bomb)).toEqual([]);
});

it.each(['gzip', 'base64', 'hex', 'msgpack', 'json'] as const)('says so when it is no %s', async (decoder) => {
  await expect(decodeValue(Buffer.from([0xc1, 0xff, 0x2a]), [decoder])).rejects.toMatchObject({ code: 'query-failed' });
});

it('suggests nothing for plain text, numbers and junk', async () => {
  for (const raw of ['hello', '42', '', 'deadbeefdeadbeefdeadbeef', 'averyverylongwordwithout'])
    expect(await suggested(Buffer.from(raw))).toEqual([]);
  expect(await suggested(Buffer.from([0xff, 0xfe]))).toEqual([]);
});
