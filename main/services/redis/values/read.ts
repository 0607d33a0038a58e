/** One value, or a part of it: sized before it is read. */
import type { RedisBytes, ValuePlace } from '../../../../preload/contract/cache-models.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { bytesOf, shownBytes } from '../bytes.ts';
import { asArray, asBytes, asNumber, type RedisLink, type Reply } from '../link.ts';
import { gone } from './elements.ts';

/** @throws NoodleError not-found, too-large (an element that cannot be read in part) */
export async function readValue(link: RedisLink, key: string, place: ValuePlace, offset: number, length: number): Promise<RedisBytes> {
  const bytes = bytesOf(key);
  if (place.in === 'string') {
    const [size, part, there] = await link.pipeline([
      ['STRLEN', bytes],
      ['GETRANGE', bytes, offset, offset + length - 1],
      ['EXISTS', bytes],
    ]);
    if (asNumber(there) === 0) throw gone();
    const whole = asNumber(size) ?? 0;
    return shownBytes(asBytes(part), length, Math.max(0, whole - offset));
  }
  const whole = await readElement(link, bytes, place);
  return shownBytes(whole.subarray(offset), length);
}

/** The value whole, as a decoder needs it. @throws NoodleError not-found, too-large */
export async function readWhole(link: RedisLink, key: string, place: ValuePlace): Promise<Buffer> {
  const bytes = bytesOf(key);
  if (place.in !== 'string') return readElement(link, bytes, place);
  const size = asNumber(await link.call('STRLEN', bytes)) ?? 0;
  if (size > limits.cacheValueBytes) throw tooLarge(size);
  const value = await link.call('GET', bytes);
  if (value === null) throw gone();
  return asBytes(value);
}

async function readElement(link: RedisLink, key: Buffer, place: Exclude<ValuePlace, { in: 'string' }>): Promise<Buffer> {
  if (place.in === 'hash') {
    const field = bytesOf(place.field);
    const size = asNumber(await link.call('HSTRLEN', key, field)) ?? 0;
    if (size > limits.cacheValueBytes) throw tooLarge(size);
    return there(await link.call('HGET', key, field));
  }
  if (place.in === 'list') return fits(there(await link.call('LINDEX', key, place.index)));
  if (place.in === 'member') return fits(bytesOf(place.member));
  const [entry] = asArray(await link.call('XRANGE', key, place.id, place.id));
  const flat = asArray(asArray(entry)[1]);
  const field = bytesOf(place.field);
  for (let at = 0; at + 1 < flat.length; at += 2) if (asBytes(flat[at]).equals(field)) return fits(asBytes(flat[at + 1]));
  throw gone();
}

function there(value: Reply): Buffer {
  if (value === null) throw new NoodleError({ code: 'not-found', what: 'This element is not there.', why: 'It was deleted meanwhile.' });
  return asBytes(value);
}

function fits(value: Buffer): Buffer {
  if (value.length > limits.cacheValueBytes) throw tooLarge(value.length);
  return value;
}

function tooLarge(size: number): NoodleError {
  return new NoodleError({
    code: 'too-large',
    what: `This value has ${size} bytes.`,
    why: `No more than ${limits.cacheValueBytes} are read into the window.`,
    todo: 'Save it to a file, or look at its beginning.',
  });
}
