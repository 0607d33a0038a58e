/** What is inside of a value: each decoder undoes one layer. Output is limited: a few bytes of gzip can be gigabytes. */
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { decodeMulti } from '@msgpack/msgpack';
import type { DecodedValue, Decoder } from '../../../../preload/contract/cache-models.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { shownBytes } from '../bytes.ts';

const unzip = promisify(gunzip);

/** @throws NoodleError query-failed (no such encoding), too-large */
export async function decodeValue(raw: Buffer, decoders: readonly Decoder[]): Promise<DecodedValue> {
  let bytes = raw;
  let kind: DecodedValue['kind'] | undefined;
  for (const decoder of decoders) {
    const made = await undo(bytes, decoder);
    bytes = made.bytes;
    kind = made.kind;
  }
  const value = shownBytes(bytes, limits.cacheValueBytes);
  return {
    kind: value.binary ? 'binary' : (kind ?? 'text'),
    text: value.binary ? bytes.toString('latin1', 0, 4096).replace(/[^\x20-\x7e\n]/g, '·') : value.data,
    base64: value.binary ? value.data : null,
    bytes: bytes.length,
    cut: value.cut,
    suggested: await suggested(raw),
  };
}

async function undo(bytes: Buffer, decoder: Decoder): Promise<{ bytes: Buffer; kind?: DecodedValue['kind'] }> {
  switch (decoder) {
    case 'gzip':
      return { bytes: await unzipped(bytes) };
    case 'base64':
      return { bytes: fromText(bytes, /^[A-Za-z0-9+/_-]+={0,2}$/, 'base64', 4) };
    case 'hex':
      return { bytes: fromText(bytes, /^(?:0x)?(?:[0-9a-f]{2})+$/i, 'hex', 2) };
    case 'msgpack':
      return { bytes: Buffer.from(JSON.stringify(unpacked(bytes), exactly, 2) ?? 'null'), kind: 'json' };
    case 'json':
      return { bytes: jsonOf(bytes), kind: 'json' };
  }
}

async function unzipped(bytes: Buffer): Promise<Buffer> {
  try {
    return await unzip(bytes, { maxOutputLength: limits.cacheValueBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new NoodleError({
        code: 'too-large',
        what: `Unpacked, this is more than ${limits.cacheValueBytes} bytes.`,
        todo: 'Save the value to a file and unpack it there.',
      });
    }
    throw noSuch('gzip', (error as Error).message);
  }
}

function fromText(bytes: Buffer, shape: RegExp, encoding: 'base64' | 'hex', unit: number): Buffer {
  const text = bytes.toString('latin1').replace(/\s+/g, '');
  if (!shape.test(text) || (encoding === 'hex' && text.length % unit !== 0)) throw noSuch(encoding, 'Other characters are in it.');
  return Buffer.from(encoding === 'hex' ? text.replace(/^0x/i, '') : text, encoding);
}

/** One object, or several after each other as an array. Integers stay exact. */
function unpacked(bytes: Buffer): unknown {
  try {
    // A plain view: of a Buffer, the bytes within would be Buffers, and JSON has a mind of its own about those.
    const all = [...decodeMulti(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), { useBigInt64: true })];
    return all.length === 1 ? all[0] : all;
  } catch (error) {
    throw noSuch('MessagePack', (error as Error).message);
  }
}

/** Numbers that JSON cannot hold are written as they are; bytes in base64. */
function exactly(_: string, value: unknown): unknown {
  if (typeof value === 'bigint')
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map) return Object.fromEntries(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}

/** The text itself: parsing and writing it again would round its numbers. */
function jsonOf(bytes: Buffer): Buffer {
  try {
    JSON.parse(bytes.toString('utf8'));
    return bytes;
  } catch (error) {
    throw noSuch('JSON', (error as Error).message);
  }
}

function noSuch(name: string, why: string): NoodleError {
  return new NoodleError({ code: 'query-failed', what: `This is no ${name}.`, why, todo: 'Choose another decoder, or look at the bytes.' });
}

/** The layers these bytes seem to have, outermost first. */
export async function suggested(raw: Buffer): Promise<Decoder[]> {
  const found: Decoder[] = [];
  let bytes = raw;
  for (let round = 0; round < 3; round++) {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      try {
        bytes = await unzip(bytes, { maxOutputLength: limits.cacheValueBytes });
        found.push('gzip');
        continue;
      } catch {
        return found;
      }
    }
    if (isJson(bytes)) return [...found, 'json'];
    const text = bytes.length < limits.cacheValueBytes && isUtf8(bytes) ? bytes.toString('latin1') : '';
    if (/^[A-Za-z0-9+/]{16,}={0,2}$/.test(text) && text.length % 4 === 0 && !/^[0-9a-f]+$/i.test(text)) {
      const inner = Buffer.from(text, 'base64');
      if (!(inner[0] === 0x1f && inner[1] === 0x8b) && !isJson(inner)) return found;
      found.push('base64');
      bytes = inner;
      continue;
    }
    if (isMessagePack(bytes)) return [...found, 'msgpack'];
    return found;
  }
  return found;
}

function isJson(bytes: Buffer): boolean {
  if (bytes.length === 0 || !/^\s*[[{]/.test(bytes.toString('latin1', 0, 64))) return false;
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Maps and arrays only: nearly any byte is a MessagePack of something. */
function isMessagePack(bytes: Buffer): boolean {
  const first = bytes[0] ?? 0;
  if (!((first >= 0x80 && first <= 0x9f) || (first >= 0xdc && first <= 0xdf)) || bytes.length < 2) return false;
  try {
    return [...decodeMulti(bytes, { useBigInt64: true })].length === 1;
  } catch {
    return false;
  }
}
