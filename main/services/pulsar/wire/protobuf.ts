/** The little of protobuf that Pulsar's messages need: https://protobuf.dev/programming-guides/encoding/ */

export interface Field {
  readonly field: number;
  /** Of a number. */
  readonly value: bigint;
  /** Of anything with a length: texts, bytes, messages. */
  readonly bytes: Buffer;
}

const nothing = Buffer.alloc(0);

/** The fields of a message; numbers of fixed size are passed over, since nothing here has any that is wanted. @throws RangeError when it is none */
export function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    // Most fit in what a number holds exactly.
    let low = 0;
    for (let factor = 1; factor < 2 ** 49; factor *= 128) {
      const byte = message.readUInt8(at++);
      low += (byte & 0x7f) * factor;
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError('a number is too long');
  };
  while (at < message.length) {
    const tag = Number(varint());
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { field, value: varint(), bytes: nothing };
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const size = Number(varint());
        yield { field, value: 0n, bytes: slice(message, at, size) };
        at += size;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        throw new RangeError('a field of another kind');
    }
  }
}

/** A name with its value, of a `KeyValue`. */
export function property(bytes: Buffer): Record<string, string> {
  const pair = new Map([...fieldsOf(bytes)].map(({ field, bytes: text }) => [field, text.toString()]));
  return { [pair.get(1) ?? '']: pair.get(2) ?? '' };
}

/** A message: of each field its number and what stands there; those without are left out. */
export function messageWith(fields: Readonly<Record<number, number | bigint | string | Buffer | undefined>>): Buffer {
  const parts: Buffer[] = [];
  for (const [field, value] of Object.entries(fields)) {
    const number = Number(field);
    if (value === undefined) continue;
    if (typeof value === 'number' || typeof value === 'bigint') parts.push(varint(number * 8), varint(value));
    else {
      const bytes = Buffer.from(value);
      parts.push(varint(number * 8 + 2), varint(bytes.length), bytes);
    }
  }
  return Buffer.concat(parts);
}

/** @param value a negative one takes ten bytes, as protobuf writes them */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** @throws RangeError */
export function slice(bytes: Buffer, from: number, size: number): Buffer {
  if (from + size > bytes.length) throw new RangeError('it ends before that');
  return bytes.subarray(from, from + size);
}
