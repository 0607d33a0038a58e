/** Pulsar's primitive schemas: big-endian, of fixed size, no more. */
import { type Codec, misfit } from './codec.ts';

interface Primitive {
  readonly bytes: number;
  read(bytes: Buffer): unknown;
  write(bytes: Buffer, text: string): void;
}

const primitives: Readonly<Record<string, Primitive>> = {
  BOOLEAN: { bytes: 1, read: (bytes) => bytes[0] !== 0, write: (bytes, text) => void bytes.writeUInt8(boolean(text) ? 1 : 0) },
  INT8: { bytes: 1, read: (bytes) => bytes.readInt8(), write: (bytes, text) => void bytes.writeInt8(Number(integer(text, 8))) },
  INT16: { bytes: 2, read: (bytes) => bytes.readInt16BE(), write: (bytes, text) => void bytes.writeInt16BE(Number(integer(text, 16))) },
  INT32: { bytes: 4, read: (bytes) => bytes.readInt32BE(), write: (bytes, text) => void bytes.writeInt32BE(Number(integer(text, 32))) },
  INT64: { bytes: 8, read: (bytes) => bytes.readBigInt64BE(), write: (bytes, text) => void bytes.writeBigInt64BE(integer(text, 64)) },
  FLOAT: { bytes: 4, read: (bytes) => bytes.readFloatBE(), write: (bytes, text) => void bytes.writeFloatBE(real(text)) },
  DOUBLE: { bytes: 8, read: (bytes) => bytes.readDoubleBE(), write: (bytes, text) => void bytes.writeDoubleBE(real(text)) },
  DATE: { bytes: 8, read: time, write: writeTime },
  TIME: { bytes: 8, read: time, write: writeTime },
  TIMESTAMP: { bytes: 8, read: time, write: writeTime },
};

/** Undefined for a type that is no primitive. */
export function primitiveCodec(type: string): Codec | undefined {
  if (type === 'STRING') {
    return { label: 'String', textual: true, decode: (bytes) => bytes.toString(), encode: (text) => Buffer.from(text) };
  }
  const primitive = primitives[type];
  if (!primitive) return undefined;
  return {
    label: type.charAt(0) + type.slice(1).toLowerCase(),
    textual: false,
    decode(bytes) {
      if (bytes.length !== primitive.bytes) throw new Error(`${type} has ${primitive.bytes} bytes, not ${bytes.length}`);
      return primitive.read(bytes);
    },
    encode(text) {
      const bytes = Buffer.alloc(primitive.bytes);
      primitive.write(bytes, text.trim());
      return bytes;
    },
  };
}

function integer(text: string, bits: number): bigint {
  const value = /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined;
  if (value !== undefined && BigInt.asIntN(bits, value) === value) return value;
  throw misfit('The payload does not fit the schema of the topic.', `A whole number of ${bits} bits is wanted.`, {
    offset: 0,
    length: text.length,
  });
}

function real(text: string): number {
  const value = text === '' ? Number.NaN : Number(text);
  if (!Number.isNaN(value)) return value;
  throw misfit('The payload does not fit the schema of the topic.', 'A number is wanted.', { offset: 0, length: text.length });
}

function boolean(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw misfit('The payload does not fit the schema of the topic.', 'true or false is wanted.', { offset: 0, length: text.length });
}

function time(bytes: Buffer): string {
  const date = new Date(Number(bytes.readBigInt64BE()));
  return Number.isNaN(date.getTime()) ? String(bytes.readBigInt64BE()) : date.toISOString();
}

function writeTime(bytes: Buffer, text: string): void {
  const ms = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(ms))
    throw misfit('The payload does not fit the schema of the topic.', 'A time is wanted.', { offset: 0, length: text.length });
  bytes.writeBigInt64BE(BigInt(ms));
}
