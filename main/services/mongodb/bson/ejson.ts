/**
 * BSON bytes as Extended JSON text, v2: canonical keeps every type exactly, relaxed is for reading.
 * https://github.com/mongodb/specifications/blob/master/source/extended-json/extended-json.md
 */
import { BSON, Decimal128, type Document } from 'mongodb';
import { type BsonElement, elements } from './reader.ts';

export type EjsonForm = 'canonical' | 'relaxed';

/** A whole document. */
export function ejsonOf(bytes: Buffer, form: EjsonForm = 'canonical'): string {
  return objectAt(bytes, 0, form);
}

/** The value of one element. */
export function ejsonOfElement(bytes: Buffer, { type, from, to }: BsonElement, form: EjsonForm = 'canonical'): string {
  switch (type) {
    case 'double':
      return double(bytes.readDoubleLE(from), form);
    case 'string':
      return JSON.stringify(stringAt(bytes, from));
    case 'object':
      return objectAt(bytes, from, form);
    case 'array':
      return arrayAt(bytes, from, form);
    case 'binData':
      return binary(bytes, from);
    case 'undefined':
      return '{"$undefined":true}';
    case 'objectId':
      return `{"$oid":"${bytes.toString('hex', from, to)}"}`;
    case 'bool':
      return bytes[from] === 0 ? 'false' : 'true';
    case 'date':
      return date(bytes.readBigInt64LE(from), form);
    case 'null':
      return 'null';
    case 'regex': {
      const middle = bytes.indexOf(0, from);
      const [pattern, options] = [bytes.toString('utf8', from, middle), bytes.toString('utf8', middle + 1, to - 1)];
      return `{"$regularExpression":{"pattern":${JSON.stringify(pattern)},"options":${JSON.stringify(options)}}}`;
    }
    case 'dbPointer':
      return `{"$dbPointer":{"$ref":${JSON.stringify(stringAt(bytes, from))},"$id":{"$oid":"${bytes.toString('hex', to - 12, to)}"}}}`;
    case 'javascript':
      return `{"$code":${JSON.stringify(stringAt(bytes, from))}}`;
    case 'symbol':
      return `{"$symbol":${JSON.stringify(stringAt(bytes, from))}}`;
    case 'javascriptWithScope': {
      const scope = from + 8 + bytes.readInt32LE(from + 4);
      return `{"$code":${JSON.stringify(stringAt(bytes, from + 4))},"$scope":${objectAt(bytes, scope, form)}}`;
    }
    case 'int':
      return form === 'relaxed' ? String(bytes.readInt32LE(from)) : `{"$numberInt":"${bytes.readInt32LE(from)}"}`;
    case 'timestamp':
      return `{"$timestamp":{"t":${bytes.readUInt32LE(from + 4)},"i":${bytes.readUInt32LE(from)}}}`;
    case 'long':
      return long(bytes.readBigInt64LE(from), form);
    case 'decimal':
      return `{"$numberDecimal":"${new Decimal128(bytes.subarray(from, to)).toString()}"}`;
    case 'maxKey':
      return '{"$maxKey":1}';
    case 'minKey':
      return '{"$minKey":1}';
  }
}

/** What a command answered, as a document. Ask for it with `exactly`, or types are lost before. */
export function ejsonOfValue(value: Document, form: EjsonForm = 'canonical'): string {
  return ejsonOf(bytesOf(value), form);
}

/** BSON of a document; Maps keep the order of their keys. */
export function bytesOf(value: Document): Buffer {
  const bytes = BSON.serialize(value, { ignoreUndefined: false });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The driver's options under which it changes no type. */
export const exactly = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true } as const;

function objectAt(bytes: Buffer, at: number, form: EjsonForm): string {
  let text = '';
  for (const element of elements(bytes, at)) {
    text += `${text === '' ? '' : ','}${JSON.stringify(element.name)}:${ejsonOfElement(bytes, element, form)}`;
  }
  return `{${text}}`;
}

function arrayAt(bytes: Buffer, at: number, form: EjsonForm): string {
  let text = '';
  for (const element of elements(bytes, at)) text += `${text === '' ? '' : ','}${ejsonOfElement(bytes, element, form)}`;
  return `[${text}]`;
}

export function stringAt(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at + 4, at + 3 + bytes.readInt32LE(at));
}

function double(value: number, form: EjsonForm): string {
  const text = Object.is(value, -0) ? '-0.0' : Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
  return form === 'relaxed' && Number.isFinite(value) ? text : `{"$numberDouble":"${text}"}`;
}

/** A reader of relaxed JSON takes numbers for doubles: beyond their whole numbers a long stays wrapped. */
function long(value: bigint, form: EjsonForm): string {
  const safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return form === 'relaxed' && safe ? String(value) : `{"$numberLong":"${value}"}`;
}

const lastIsoDate = 253_402_300_799_999n;

function date(ms: bigint, form: EjsonForm): string {
  if (form === 'relaxed' && ms >= 0n && ms <= lastIsoDate) return `{"$date":"${new Date(Number(ms)).toISOString().replace('.000Z', 'Z')}"}`;
  return `{"$date":{"$numberLong":"${ms}"}}`;
}

function binary(bytes: Buffer, at: number): string {
  const length = bytes.readInt32LE(at);
  const subType = bytes[at + 4]!;
  // The old subtype 2 says its length a second time.
  const from = subType === 2 ? at + 9 : at + 5;
  const base64 = bytes.toString('base64', from, at + 5 + length);
  return `{"$binary":{"base64":"${base64}","subType":"${subType.toString(16).padStart(2, '0')}"}}`;
}
